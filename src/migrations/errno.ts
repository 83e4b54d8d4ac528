/** Node's name for what the operating system refused: `ENOENT`, `EACCES`, …; empty for anything else. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
