import type { Failure } from '../../../errors.ts'
import { connectionsOfRestore, isOnlyUnknownTimeout } from '../../../postgres/transaction-timeout.ts'
import { type ContentComparison, sayDifference } from '../content/decide-comparison.ts'
import { type SchemaDifference, saySchemaDifference } from './decide-schemas.ts'

const shownDifferences = 20

export function notRestorable(said: string): Failure {
  return {
    code: 'BACKUP.NOT_RESTORABLE',
    what: 'The dump was written, but restoring it into a scratch server did not work, so it is not a verified backup.',
    why: said,
    next: [
      'Correct what is said above; a restore in an emergency would end in the same way.',
      'Until then a lesser proof can be asked for in airlock.yml: backup: { tier: decoded }',
    ],
  }
}

/**
 * Errors that pg_restore and pg_dump themselves report, in English because they run with LC_ALL=C. Their DETAIL and the
 * command behind them may quote anything.
 */
const noSpace = /^pg_(?:restore|dump): error: .*No space left on device.*$/m
const lost =
  /^pg_(?:restore|dump): error: .*(?:server closed the connection unexpectedly|terminating connection|connection to server .* failed|the database system is|could not receive data from server|no connection to the server).*$/m

/** What ended a proof and says nothing about the dump: the server that it was to be restored into. */
export function scratchFailed(said: string): Failure | undefined {
  const full = noSpace.exec(said)?.[0]
  if (full !== undefined) {
    return {
      code: 'SCRATCH.NO_SPACE',
      what: 'The scratch server has no space left, so the backup could not be restored to prove it.',
      why: full.trim(),
      next: [
        'Its data lie in the temporary folder (RUNNER_TEMP, otherwise TMPDIR): let that be a disk with room for the whole database.',
        'Or name another server: AIRLOCK_SCRATCH_URL, with `scratch: url` in airlock.yml.',
        'Or ask for a lesser proof: backup: { tier: decoded }',
      ],
    }
  }
  const gone = lost.exec(said)?.[0]
  return gone === undefined ? undefined : scratchLost(gone.trim())
}

export function scratchLost(why: string): Failure {
  return {
    code: 'SCRATCH.LOST',
    what: 'The scratch server went away while the backup was restored or compared, so nothing is proven.',
    why,
    next: [
      'Run again. Where it happens again, look whether the machine ends processes that take much memory: dmesg | tail',
      'Or name another server: AIRLOCK_SCRATCH_URL, with `scratch: url` in airlock.yml.',
    ],
  }
}

export function copyDiffers(content: ContentComparison | undefined, schema: readonly SchemaDifference[]): Failure {
  const said = [...(content?.differences ?? []).map(sayDifference), ...schema.map(saySchemaDifference)]
  const more = said.length > shownDifferences ? [`and ${said.length - shownDifferences} more`] : []
  return {
    code: 'BACKUP.COPY_DIFFERS',
    what: `The copy restored from the dump is not what the source was: ${said.length} difference${said.length === 1 ? '' : 's'}.`,
    why: [...said.slice(0, shownDifferences), ...more].join('\n'),
    next: [
      'Do not rely on this backup before the reason is known.',
      'A generated column whose function was changed after its rows were written differs in this way: write its rows again.',
    ],
  }
}

export function extensionsMissing(missing: readonly string[]): Failure {
  const names = missing.join(', ')
  return {
    code: 'SCRATCH.EXTENSION_MISSING',
    what: `The scratch server cannot create ${missing.length === 1 ? 'the extension' : 'the extensions'} ${names}, so the backup cannot be restored there.`,
    why: 'An extension is a program of the server, and a dump contains only its name.',
    next: [
      `Use a server that has ${names}: install the packages of PostgreSQL and of the extension on the runner, with \`scratch: installed\` in airlock.yml.`,
      'Or name one, of the same major version: AIRLOCK_SCRATCH_URL, with `scratch: url`.',
      'Or ask for a lesser proof: backup: { tier: decoded }',
    ],
  }
}

/** With `tolerant`, errors do not stop pg_restore, and `isOnlyUnknownTimeout` decides afterwards: see transaction-timeout.ts. */
export function proofRestoreArguments(options: {
  readonly dbname: string
  readonly jobs: number
  readonly listFile: string
  readonly tolerant: boolean
}): readonly string[] {
  return [
    '--no-password',
    '--no-tablespaces',
    '--no-subscriptions',
    `--dbname=${options.dbname}`,
    `--use-list=${options.listFile}`,
    `--jobs=${options.jobs}`,
    ...(options.tolerant ? [] : ['--exit-on-error']),
  ]
}

export function restoreSucceeded(
  exit: { readonly code: number | null; readonly stderr: string },
  { jobs, tolerant }: { readonly jobs: number; readonly tolerant: boolean },
): boolean {
  return exit.code === 0 || (tolerant && isOnlyUnknownTimeout(exit.stderr, connectionsOfRestore(jobs)))
}
