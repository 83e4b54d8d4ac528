/**
 * pg_restore from 17 on begins with `SET transaction_timeout = 0`, which a server before 17 does not know (measured:
 * 17.11 and 18.6 on 14, 15 and 16). It is the only error that may be passed over, once, and only where that is so.
 */
export function needsTolerance(clientMajor: number, serverMajor: number): boolean {
  return clientMajor >= 17 && serverMajor < 17
}

/**
 * True when pg_restore came to its end and said nothing but that: once for each of its connections. With `--jobs` these are
 * the first one, one for each job, and one more for what comes last; only the errors of the first and the last are in the
 * number that it prints at its end (measured with 17.11 and 18.6 on 15 and 16).
 */
export function isOnlyUnknownTimeout(stderr: string, connections = 1): boolean {
  const errors = stderr.split('\n').filter((line) => /^pg_restore: (?:error|fatal)/.test(line))
  const commands = stderr.split('\n').filter((line) => line.startsWith('Command was: '))
  const ignored = Number(/errors ignored on restore: (\d+)/.exec(stderr)?.[1])
  return (
    errors.length >= 1 &&
    errors.length <= connections &&
    errors.every((line) =>
      /could not execute query: .*unrecognized configuration parameter "transaction_timeout"/.test(line),
    ) &&
    commands.length === errors.length &&
    commands.every((line) => line === 'Command was: SET transaction_timeout = 0;') &&
    ignored >= 1 &&
    ignored <= errors.length
  )
}

export function connectionsOfRestore(jobs: number): number {
  return jobs > 1 ? jobs + 2 : 1
}
