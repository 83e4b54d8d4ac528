/**
 * pg_restore from 17 on begins with `SET transaction_timeout = 0`, which a server before 17 does not know (measured:
 * 17.11 and 18.6 on 14, 15 and 16). It is the only error that may be passed over, once, and only where that is so.
 */
export function needsTolerance(clientMajor: number, serverMajor: number): boolean {
  return clientMajor >= 17 && serverMajor < 17
}

/** True when pg_restore came to its end and said nothing but that. */
export function isOnlyUnknownTimeout(stderr: string): boolean {
  const errors = stderr.split('\n').filter((line) => /^pg_restore: (?:error|fatal)/.test(line))
  const commands = stderr.split('\n').filter((line) => line.startsWith('Command was: '))
  const ignored = /errors ignored on restore: (\d+)/.exec(stderr)?.[1]
  return (
    errors.length === 1 &&
    /could not execute query: .*unrecognized configuration parameter "transaction_timeout"/.test(errors[0] ?? '') &&
    commands.length === 1 &&
    commands[0] === 'Command was: SET transaction_timeout = 0;' &&
    ignored === '1'
  )
}
