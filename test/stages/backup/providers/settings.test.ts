import { describe, expect, it } from 'vitest'
import { parseConfig, policyFor } from '../../../../src/config.ts'
import { trustProblem } from '../../../../src/stages/backup/providers/decide-trust.ts'
import { chosenStrategy } from '../../../../src/stages/backup/providers/open-strategy.ts'

const read = (backup: string) =>
  policyFor(parseConfig(`environments: { production: { backup: ${backup} } }`, 'airlock.yml', []), 'production').backup
const problem = (backup: string) => {
  try {
    read(backup)
    return ''
  } catch (thrown) {
    return String(thrown instanceof Error && 'failure' in thrown ? JSON.stringify(thrown.failure) : thrown)
  }
}

describe('airlock.yml about backups by others', () => {
  it('chooses the strategy with its own section, and none for what Airlock does itself', () => {
    expect(chosenStrategy(read('{}'))).toBeUndefined()
    expect(chosenStrategy(read('{ strategy: none }'))).toBeUndefined()
    expect(chosenStrategy(read('{ strategy: neon, neon: { project: shiny-wind-028834 } }'))).toEqual({
      kind: 'neon',
      project: 'shiny-wind-028834',
    })
    expect(chosenStrategy(read('{ strategy: rds }'))).toEqual({ kind: 'rds' })
    expect(chosenStrategy(read('{ strategy: command, command: { take: [a], restore: b, time-limit: 2s } }'))).toEqual({
      kind: 'command',
      settings: { take: ['a'], restore: 'b', timeLimitMs: 2_000 },
    })
  })

  it.each([
    ['{ strategy: command }', /needs it/],
    ['{ strategy: neon }', /needs it/],
    ['{ neon: { project: a } }', /would not be used/],
    ['{ strategy: rds, command: { take: [a], restore: b } }', /would not be used/],
    ['{ trust-provider: true }', /not for `strategy: pg_dump`/],
    ['{ strategy: neon, neon: { project: "a b" } }', /id of a project/],
    ['{ strategy: command, command: { take: "pgbackrest backup", restore: b } }', /command\.take/],
  ])('refuses %s', (backup, why) => {
    expect(problem(backup)).toMatch(why)
  })
})

describe('what is not restored', () => {
  it('is not enough for a policy that says nothing', () => {
    const { tier, 'trust-provider': trustProvider } = read('{ strategy: rds }')
    for (const proven of ['nothing', 'checksum'] as const) {
      expect(trustProblem(proven, { tier, trustProvider })).toMatchObject({ code: 'BACKUP.TIER_NOT_REACHED' })
    }
  })

  it.each([
    ['nothing', 'checksum', false, false],
    ['checksum', 'checksum', false, true],
    ['checksum', 'decoded', false, false],
    ['nothing', 'compared', true, true],
  ] as const)(
    'proven to %s, asked for %s, the provider trusted: %s; enough: %s',
    (proven, tier, trustProvider, enough) => {
      expect(trustProblem(proven, { tier, trustProvider }) === undefined).toBe(enough)
    },
  )
})
