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
 * number that it prints at its end (measured with 17.11 and 18.6 on 15 and 16). Its jobs write past each other: a line may
 * begin with the names of two of them (`pg_restore:pg_restore:  error: error: could not …`), so that the parts are counted
 * and not the lines, and nothing of an error may be left without them.
 */
export function isOnlyUnknownTimeout(stderr: string, connections = 1): boolean {
  const errors = stderr.match(refused)?.length ?? 0
  const ignored = Number(/errors ignored on restore: (\d+)/.exec(stderr)?.[1])
  const rest = stderr
    .replaceAll(refused, '')
    .replace(/errors ignored on restore: \d+/, '')
    .replaceAll(/Command was: SET transaction_timeout = 0;(?=\s|$)/g, once(errors))
    .replaceAll(/\berror: /g, once(errors))
  return (
    errors >= 1 &&
    errors <= connections &&
    ignored >= 1 &&
    ignored <= errors &&
    stderr.split('Command was: ').length - 1 === errors &&
    !/error|fatal|Command was|could not|transaction_timeout/i.test(rest)
  )
}

const refused = /could not execute query: [^\n:]{0,40}:\s+unrecognized configuration parameter "transaction_timeout"/g

/** Takes away so many, and leaves what is more. */
function once(times: number): (found: string) => string {
  let left = times
  return (found) => {
    left -= 1
    return left >= 0 ? '' : found
  }
}

export function connectionsOfRestore(jobs: number): number {
  return jobs > 1 ? jobs + 2 : 1
}
