/** One line of what the native engine writes to stderr, which is where the CLI finds out why a command failed. */
export function writeLog(
  level: 'INFO' | 'ERROR',
  message: string,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  const target = level === 'ERROR' ? 'schema_engine::logger' : 'schema_engine'
  const line = { timestamp: new Date().toISOString(), level, fields: { ...fields, message }, target }
  process.stderr.write(`${JSON.stringify(line)}\n`)
}
