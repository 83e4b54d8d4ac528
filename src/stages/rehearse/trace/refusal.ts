/** An error of the server that leaves the session open (manual, appendix A: class 57P ends it, 08 is the connection). */
export function isRefusal(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state !== undefined && !/^(?:57P|08)/.test(state) && state !== '25P04'
}

export function sqlStateOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}
