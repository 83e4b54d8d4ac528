import type { Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'out-of-order',
  title: 'A migration is applied after a newer one',
  group: 'irreversible',
  documentation: {
    summary:
      'Branches are merged late: a migration can be pending while a newer one is applied already. It is applied all the same, ' +
      'in this database after the newer one, in a new database before it. Where both touch the same thing the two databases ' +
      'come out different, and nothing says so. With a new timestamp the order is the same everywhere. Only `plan` and `deploy` ' +
      'see it, because only the history table of a database says what is applied.',
    bad: '-- 20240115090000_nickname, while 20240201000000_team is applied\nALTER TABLE "User" ADD COLUMN "nickname" TEXT;',
    good: '-- 20240215090000_nickname, with 20240201000000_team before it\nALTER TABLE "User" ADD COLUMN "nickname" TEXT;',
  },
  judges: ({ lateBehind }) => lateBehind !== undefined,
  check: (context) => {
    const { lateBehind, migration, statements } = context
    const [statement] = statements
    if (lateBehind === undefined || statement === undefined) return []
    return [
      {
        statement,
        severity: 'notice',
        message: `Is older than ${lateBehind}, which is applied: ${migration} is applied after it here, and before it in a new database.`,
        why: 'Where both touch the same thing, the databases come out different.',
        instead: `git mv ${folderOf(context)} ${newFolderOf(context)}`,
      },
    ]
  },
}

function folderOf({ file }: RuleContext): string {
  return shellQuoted(file.replace(/\/[^/]*$/, ''))
}

function newFolderOf({ file, migration }: RuleContext): string {
  const parent = file.replace(/\/[^/]*$/, '').slice(0, -migration.length)
  return `${shellQuoted(parent)}$(date -u +%Y%m%d%H%M%S)_${shellQuoted(migration.replace(/^\d+_?/, ''))}`
}

function shellQuoted(text: string): string {
  return /^[\w./-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
