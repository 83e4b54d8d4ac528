import { generateHybridIdentity, identityToRecipient } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { decideSealer } from '../../../../src/stages/backup/seal/decide-sealer.ts'
import { sealedSize } from '../../../../src/stages/backup/seal/header.ts'
import { recipientProblem, recipientsInvalid } from '../../../../src/stages/backup/seal/recipients.ts'
import { newIdentity } from '../../../lab/age.ts'

const { identity, recipient } = await newIdentity()
const quantum = await identityToRecipient(await generateHybridIdentity())

describe('recipientProblem', () => {
  it('knows the public keys of age, those against quantum computers too', () => {
    expect(recipientProblem(recipient)).toBeUndefined()
    expect(recipientProblem(quantum)).toBeUndefined()
  })

  it('notices a character that was changed or lost', () => {
    const changed = recipient.slice(0, 20) + (recipient[20] === 'q' ? 'p' : 'q') + recipient.slice(21)
    expect(recipientProblem(changed)).toContain('checksum')
    expect(recipientProblem(recipient.slice(0, -1))).toContain('checksum')
    expect(recipientProblem(`${recipient} `)).toBeDefined()
  })

  it('says what the others are, and repeats no secret', () => {
    const problem = recipientProblem(identity)
    expect(problem).toContain('secret key')
    expect(problem).not.toContain(identity)
    expect(recipientProblem('ssh-ed25519 AAAA')).toContain('SSH')
    expect(recipientProblem('alice@example.test')).toContain('starts with `age1`')
    expect(recipientProblem('age1yubikey1qwtyv')).toContain('plugin')
  })
})

describe('recipientsInvalid', () => {
  it('names every problem with its place, and a list of nobody', () => {
    expect(recipientsInvalid([recipient, quantum], '--encrypt-to')).toBeUndefined()
    expect(recipientsInvalid([], '--encrypt-to')?.why).toContain('nobody could open')
    const why = recipientsInvalid([recipient, 'x', recipient, identity], '--encrypt-to')?.why ?? ''
    expect(why.split('\n').map((line) => /^--encrypt-to, recipient (\d)/.exec(line)?.[1])).toEqual(['2', '3', '4'])
    expect(why).not.toContain(identity)
  })
})

describe('decideSealer', () => {
  const program = { path: '/usr/bin/age', version: '1.1.1' }
  const large = 2 ** 31
  it.each([
    ['a small dump', 1_000, [recipient], program, 'package'],
    ['a large one', large, [recipient], program, 'program'],
    ['a large one without the program', large, [recipient], undefined, 'package'],
    ['a recipient that an older program may not know', large, [recipient, quantum], program, 'package'],
  ])('%s', (_, plainBytes, recipients, found, kind) => {
    expect(decideSealer({ plainBytes, recipients, program: found }).kind).toBe(kind)
  })
})

describe('sealedSize', () => {
  it.each([
    [0, 16 + 16],
    [1, 16 + 1 + 16],
    [65_536, 16 + 65_536 + 16],
    [65_537, 16 + 65_537 + 32],
  ])('of %d bytes', (plain, size) => expect(sealedSize(200, plain)).toBe(200 + size))
})
