/**
 * Text that Airlock did not write (SQL, output of Prisma and pg_dump) must not be read as a workflow command: a line that
 * begins with `::` is one, and so is `##[` anywhere in a line (actions/runner 2.336, ActionCommand.cs).
 */
export function quoteForLog(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => `  ${line}`.replace(/^(\s*)::/, '$1: :').replaceAll('##[', '# #['))
    .join('\n')
}
