/**
 * Prisma hands the connection URL to its schema engine as an argument, and arguments can be read by everybody on the
 * machine (`--datasource`, CLI 6.19 and 7.10). So it is given a URL with this word for a password, and the engine finds
 * the real one in its environment, which only the same user can read.
 */
export const withheldPassword = 'withheld-by-airlock'
export const passwordVariable = 'AIRLOCK_ENGINE_PASSWORD'

export function revealed(password: string): string {
  return password === withheldPassword ? (process.env[passwordVariable] ?? password) : password
}
