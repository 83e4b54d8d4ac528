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

  test('undo takes the name of a migration, and nobody else a second word', () => {
    expect(invocationOf('undo', '20240101000000_init', '--server-version', '16', '--write')).toMatchObject({
      migration: '20240101000000_init',
      serverVersion: 16,
      write: true,
      overwrite: false,
    })
    expect(failureOf('plan', '20240101000000_init').why).toContain('Not understood: `20240101000000_init`.')
    expect(failureOf('undo', 'one', '--server-version', '9').why).toContain('must be 14, 15, 16, 17 or 18')
    expect(failureOf('undo', 'one', '--server-version', '16', '--from', 'x').why).toContain(
      'means nothing with `--from`',
    )
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
    (command) =>
      !['check', 'plan', 'deploy', 'backup', 'restore', 'prune', 'rehearse', 'undo', 'verify', 'doctor'].includes(
        command,
      ),
  )

  test.each(later)('%s says that it is not there, not that its options are wrong', (command) => {
    const { code, what, next } = failureOf(command, '20240101000000_init', '--store', 's3://bucket', '--run', '1')
    expect(code).toBe('COMMAND.NOT_AVAILABLE')
    expect(what).toBe(`\`airlock ${command}\` is not in this release.`)
    expect(next).toHaveLength(1)
  })
})

describe('inside a workflow', () => {
  const workflow = (eventName: string, attempt = '1') => ({
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: eventName,
    GITHUB_RUN_ATTEMPT: attempt,
    GITHUB_ACTOR: 'octocat',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_RUN_ID: '1',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_SHA: 'abc',
  })
  const triggerOf = (command: string, env: Readonly<Record<string, string>>) => {
    const asked = readArguments([command], env, '/work')
    return asked.kind === 'run' ? asked.invocation.trigger : asked.kind
  }

  test.each(['plan', 'deploy'])('%s knows a run that somebody started by hand, and a repetition of it', (command) => {
    expect(triggerOf(command, workflow('workflow_dispatch'))).toEqual({ kind: 'manual', attempt: 1 })
    expect(triggerOf(command, workflow('workflow_dispatch', '2'))).toEqual({ kind: 'manual', attempt: 2 })
    expect(triggerOf(command, workflow('repository_dispatch'))).toEqual({ kind: 'manual', attempt: 1 })
    expect(triggerOf(command, workflow('push'))).toEqual({ kind: 'automatic', attempt: 1 })
  })

  test.each(['pull_request', 'pull_request_target', 'issue_comment', 'discussion', 'an_event_of_next_year'])(
    'an event that anybody can cause is one of an outsider: %s',
    (eventName) => {
      expect(triggerOf('deploy', workflow(eventName))).toEqual({ kind: 'outsider', attempt: 1, eventName })
    },
  )

  test('a command that needs no confirmation does not ask what started the run', () => {
    expect(triggerOf('check', { GITHUB_ACTIONS: 'true' })).toEqual({ kind: 'terminal', attempt: 1 })
    expect(() => triggerOf('deploy', { GITHUB_ACTIONS: 'true' })).toThrow(/GITHUB.CONTEXT_INCOMPLETE/)
  })
})
