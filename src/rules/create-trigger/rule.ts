import { as, strings } from '../../sql/effects/tree.ts'
import { listed, quoted } from '../../sql/identifiers.ts'
import type { RelationName } from '../../sql/model.ts'
import { atLines, type Group, groupedBy } from '../grouped.ts'
import { changesOf, isInUse, type Located } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'create-trigger',
  title: 'A new trigger runs with every write of the release that is running',
  group: 'application-compatibility',
  documentation: {
    summary:
      'From the moment it commits, the function of a trigger runs with the writes of the release that is running, which was ' +
      'never tested with it: what it refuses or fails on fails there, and what it takes is added to every write. Prisma does ' +
      'not show triggers in schema.prisma, so nobody sees it there either.',
    bad: 'CREATE TRIGGER audit AFTER UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION note_change();',
    good: 'CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;',
  },
  about: ['add-trigger'],
  check: (context) => {
    const created = changesOf(context, 'add-trigger').flatMap((located) => newTrigger(located, context) ?? [])
    return groupedBy(created, ({ calls }) => calls, context).map((group) => remark(group, context))
  },
}

interface NewTrigger {
  readonly statement: AnalysedStatement
  readonly table: RelationName
  readonly name: string
  readonly calls: string
  readonly forEachRow: boolean
}

function newTrigger({ statement, change }: Located<'add-trigger'>, context: RuleContext): NewTrigger | undefined {
  const { table, name, trigger } = change
  if (!isInUse(table, statement, context)) return undefined
  const known = context.catalogBefore.relations.get(table)
  // CREATE OR REPLACE of one that is there already.
  if (known?.kind === 'table' && known.triggers.has(name)) return undefined
  // That of a block has no node of its own.
  const node = as(statement.node, 'CreateTrigStmt')
  const calls =
    node === undefined ? relation(trigger.runs[0] ?? '', context) : strings(node.funcname).map(quoted).join('.')
  return { statement, table, name, calls, forEachRow: node === undefined || node.row === true }
}

/** One finding for a function: it is what has to be read. */
function remark(group: Group<NewTrigger>, context: RuleContext): Remark {
  const [{ statement, calls }] = group
  const tables = listed([...new Set(group.map(({ table }) => relation(table, context)))])
  return {
    statement,
    severity: 'notice',
    message: `Runs ${calls}() with writes to ${tables} from now on${atLines(group)}: where it fails or is slow, the writes of the running release are.`,
    why: `${group.some(({ forEachRow }) => forEachRow) ? 'It runs once for each row, also for every row of an UPDATE in a later migration. ' : ''}Nothing in schema.prisma shows it.`,
    instead: [
      '-- the way back, at once and without a deploy',
      ...group.map(({ table, name }) => `ALTER TABLE ${relation(table, context)} DISABLE TRIGGER ${quoted(name)};`),
    ].join('\n'),
  }
}
