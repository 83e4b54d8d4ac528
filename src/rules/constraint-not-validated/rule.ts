import type { Catalog } from '../../sql/catalog/model.ts'
import { listed, quoted } from '../../sql/identifiers.ts'
import { atLines, type Group, groupedBy } from '../grouped.ts'
import { changesOf, type Located } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'constraint-not-validated',
  title: 'A constraint that was added NOT VALID and never validated says nothing about the rows before it',
  group: 'data-dependent',
  documentation: {
    summary:
      'NOT VALID is the right way to add a constraint: from then on PostgreSQL checks each row that is written. The rows that ' +
      'were there before may contradict it, and it is neither believed by the planner nor by SET NOT NULL, until VALIDATE ' +
      'CONSTRAINT has read them. That second half is easily forgotten. It belongs in a later migration, where it reads the rows while everybody works on.',
    bad: 'ALTER TABLE "Order" ADD CONSTRAINT "Order_total_check" CHECK (total >= 0) NOT VALID;',
    good: 'ALTER TABLE "Order" ADD CONSTRAINT "Order_total_check" CHECK (total >= 0) NOT VALID;\nALTER TABLE "Order" VALIDATE CONSTRAINT "Order_total_check";',
  },
  about: ['add-constraint'],
  check: (context) => {
    const added = changesOf(context, 'add-constraint').filter((one) => isLeftOpen(one, context))
    return groupedBy(added, () => 'the file', context).map((group) => remark(group, context))
  },
}

type Added = Located<'add-constraint'>

function isLeftOpen({ change }: Added, context: RuleContext): boolean {
  if (change.constraint.validated) return false
  const open = (catalog: Catalog) => {
    const table = catalog.relations.get(change.table)
    return (
      table?.kind === 'table' && table.constraints.some((one) => one.name === change.constraint.name && !one.validated)
    )
  }
  return open(context.catalogAfter) && open(context.catalogAtTheEnd())
}

function remark(group: Group<Added>, context: RuleContext): Remark {
  const [{ statement, change }] = group
  const several = group.length > 1
  const named = group.map((one) => ({
    table: relation(one.change.table, context),
    constraint: quoted(one.change.constraint.name),
  }))
  return {
    statement,
    clause: change.clause,
    severity: 'notice',
    message: `Adds ${listed(named.map(({ table, constraint }) => `${constraint} of ${table}`))} NOT VALID${atLines(group)}, and no migration after it validates ${several ? 'them' : 'it'}: rows that were there before may contradict ${several ? 'them' : 'it'}.`,
    why: 'PostgreSQL checks what is written from now on, and relies on the constraint for nothing else until it is validated.',
    instead: [
      '-- in a later migration: reads the rows while everybody works on, and fails on one that contradicts',
      ...named.map(({ table, constraint }) => `ALTER TABLE ${table} VALIDATE CONSTRAINT ${constraint};`),
    ].join('\n'),
  }
}
