import type { Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'byte-order-mark',
  title: 'A byte-order mark makes PostgreSQL refuse the file',
  group: 'data-dependent',
  documentation: {
    summary:
      'Some editors on Windows put an invisible mark (U+FEFF) in front of the text. PostgreSQL reads it as part of the first ' +
      'word and answers with a syntax error, which leaves a failed migration in the history. Save the file as UTF-8 without it.',
    bad: '\uFEFFALTER TABLE "User" ADD COLUMN "nickname" TEXT;',
    good: 'ALTER TABLE "User" ADD COLUMN "nickname" TEXT;',
  },
  check: (context) => {
    const [statement] = context.statements
    if (!context.byteOrderMark || statement === undefined) return []
    return [
      {
        statement,
        severity: 'error',
        message: 'The file begins with a byte-order mark: PostgreSQL refuses the first statement with a syntax error.',
        why: 'The server reads the invisible character as part of the first word, and the failed migration then blocks every later deploy (P3009).',
        instead: `sed -i '1s/^\\xEF\\xBB\\xBF//' ${shellQuoted(context.file)}`,
      },
    ]
  },
}

function shellQuoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
