import { describe, expect, test } from 'vitest'
import { readArguments } from '../../src/entry/arguments.ts'
import { FailureError } from '../../src/errors.ts'
import { commands } from '../../src/result.ts'

const read = (...argv: readonly string[]) => readArguments(argv, {}, '/work')

function failureOf(...argv: readonly string[]) {
  try {
    read(...argv)
  } catch (error) {
    if (error instanceof FailureError) return error.failure
    throw error
  }
  throw new Error(`${argv.join(' ')} was understood`)
}

function invocationOf(...argv: readonly string[]) {
  const asked = read(...argv)
  if (asked.kind !== 'run') throw new Error(`${argv.join(' ')} is ${asked.kind}`)
  return asked.invocation
}

describe('a command line', () => {
  test('asks for help or the version, whatever else is on it', () => {
    expect(read()).toEqual({ kind: 'help', command: undefined })
    expect(read('deploy', '--help')).toEqual({ kind: 'help', command: 'deploy' })
    expect(read('undo', '20240101000000_init', '--help')).toEqual({ kind: 'help', command: 'undo' })
    expect(read('--version')).toEqual({ kind: 'version' })
  })

  test('counts paths from the folder of the project', () => {
    const invocation = invocationOf('deploy', '--cwd', 'apps/shop', '--report-dir', 'reports')
    expect(invocation).toMatchObject({ cwd: '/work/apps/shop', reportDir: '/work/apps/shop/reports' })
    expect(invocationOf('deploy').reportDir).toBe('/work/.airlock/reports')
    expect(invocationOf('plan').reportDir).toBeUndefined()
  })

  test('without an environment means production', () => {
    expect(invocationOf('check').environment).toBe('production')
    expect(invocationOf('check', '--environment', 'staging').environment).toBe('staging')
  })

  test('with several problems is told all of them', () => {
    const { code, why } = failureOf('plan', 'more', '--out', 'x', '--format', 'yaml')
    expect(code).toBe('USAGE.INVALID')
    expect(why.split('\n')).toEqual([
      'Not understood: `more`.',
      '`--out` does not belong to `plan`, but to `backup`.',
      '`--format yaml`: `plan` can write text, json, sarif, markdown.',
    ])
  })
})

describe('a command of a later release', () => {
  const later = commands.filter(
    (command) => !['check', 'plan', 'deploy', 'backup', 'restore', 'verify', 'doctor'].includes(command),
  )

  test.each(later)('%s says that it is not there, not that its options are wrong', (command) => {
    const { code, what, next } = failureOf(command, '20240101000000_init', '--store', 's3://bucket', '--run', '1')
    expect(code).toBe('COMMAND.NOT_AVAILABLE')
    expect(what).toBe(`\`airlock ${command}\` is not in this release.`)
    expect(next).toHaveLength(1)
  })
})
