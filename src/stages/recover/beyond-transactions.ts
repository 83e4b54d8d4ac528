import type { Statement } from '../../sql/model.ts'

/**
 * What of a file that was taken back may stay all the same, in sentences: sequences do not go back (manual, 9.17), and dblink
 * commits in a session of its own. Functions that the file calls are looked through.
 */
export function beyondTransactions(
  statements: readonly Pick<Statement, 'sql' | 'effects' | 'runsCode'>[],
): readonly string[] {
  const written = statements.flatMap(({ sql }) => [...sql.matchAll(/\b(nextval|setval|dblink\w*)\s*\(/gi)])
  const calls = [
    ...written.map(([, name = '']) => name.toLowerCase()),
    ...statements.flatMap(({ effects }) => effects.beyond),
  ]
  const unread = statements.some(({ effects, runsCode }) => runsCode && effects.unknown)
  return [
    ...[...new Set(calls)].map((name) =>
      name === 'nextval'
        ? 'Numbers that it took from sequences stay taken.'
        : `What ${name}() did stays: no transaction takes that back.`,
    ),
    ...(unread
      ? ['It runs code that could not be read to its end: a sequence that this moved stays where it is.']
      : []),
  ]
}
