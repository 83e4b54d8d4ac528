/** Any error of the server is an answer about what was asked, unless it ends the session (classes 08 and 57P: lost, shut down). */
export function isAnswerAboutData(sqlState: string): boolean {
  return !sqlState.startsWith('08') && !sqlState.startsWith('57P')
}
