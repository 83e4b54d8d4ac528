/** The SQLSTATE of the server's own error and its words, which a session has wrapped; undefined where no server said anything. */
export function serverErrorOf(thrown: unknown): { readonly sqlState: string; readonly message: string } | undefined {
  let error = thrown
  for (let depth = 0; depth < 5 && error instanceof Error; depth += 1) {
    if ('code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code)) {
      return { sqlState: error.code, message: error.message }
    }
    error = error.cause
  }
  return undefined
}
