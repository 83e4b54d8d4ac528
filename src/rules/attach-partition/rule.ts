import type { AlterTableCmd } from 'libpg-query'
import { allOf, as, rangeVarParts } from '../../sql/effects/tree.ts'
import { quoted, splitName } from '../../sql/identifiers.ts'
import { clauseText, isInUse } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'attach-partition',
  title: 'Attaching or detaching a partition stops others while its rows are checked',
  group: 'lock',
  documentation: {
    summary:
      'ATTACH PARTITION reads every row of the new partition under ACCESS EXCLUSIVE on it, to see that it fits; a validated ' +
      'CHECK with the same bounds makes that unnecessary. Where the table has a default partition, that one is read too. ' +
      'DETACH PARTITION takes ACCESS EXCLUSIVE on the whole partitioned table; CONCURRENTLY (since version 14) does not.',
    bad: 'ALTER TABLE "Log" DETACH PARTITION "Log_2023";',
    good: 'ALTER TABLE "Log" DETACH PARTITION "Log_2023" CONCURRENTLY;',
  },
  growsWithTable: true,
  looksInside: true,
  about: ['AlterTableStmt'],
  check: (context) =>
    context.statements.flatMap((statement) =>
      allOf(as(statement.node, 'AlterTableStmt')?.cmds, 'AlterTableCmd').flatMap((command, clause) => {
        if (command.subtype === 'AT_AttachPartition') return attach(statement, clause, command, context)
        return command.subtype === 'AT_DetachPartition' ? detach(statement, clause, command, context) : []
      }),
    ),
}

function partitionOf(command: AlterTableCmd, context: RuleContext): string {
  const range = as(command.def, 'PartitionCmd')?.name
  const parts = range === undefined ? [''] : rangeVarParts(range)
  return parts.length > 1 ? parts.join('.') : `${context.schema}.${parts[0] ?? ''}`
}

function attach(
  statement: AnalysedStatement,
  clause: number,
  command: AlterTableCmd,
  context: RuleContext,
): readonly Remark[] {
  const partition = partitionOf(command, context)
  if (!statement.effects.scans.includes(partition) || !isInUse(partition, statement, context)) return []
  const known = context.catalogBefore.relations.get(partition)
  // Whether the CHECK says the same as the bounds is not worked out; somebody who made one knows why.
  if (known?.kind === 'table' && known.constraints.some((one) => one.kind === 'check' && one.validated)) return []
  const name = relation(partition, context)
  const check = quoted(`${splitName(partition).name}_bounds`)
  return [
    {
      statement,
      clause,
      relation: partition,
      severity: 'warning',
      message: `Attaches ${name} as a partition: nobody can read or write it until every row has been checked against its bounds.`,
      why: 'The rows are read under ACCESS EXCLUSIVE on the new partition; a default partition of the table is read in the same way.',
      instead: [
        `ALTER TABLE ${name} ADD CONSTRAINT ${check} CHECK (…) NOT VALID;`,
        '-- in the next migration: reads the rows while everybody works on',
        `ALTER TABLE ${name} VALIDATE CONSTRAINT ${check};`,
        '-- then, without reading them again',
        `${statement.sql};`,
      ].join('\n'),
    },
  ]
}

function detach(
  statement: AnalysedStatement,
  clause: number,
  command: AlterTableCmd,
  context: RuleContext,
): readonly Remark[] {
  if (as(command.def, 'PartitionCmd')?.concurrent === true) return []
  const partition = partitionOf(command, context)
  const table = statement.effects.locks.find((lock) => lock.relation !== partition)?.relation
  if (table === undefined || !isInUse(table, statement, context)) return []
  const name = relation(table, context)
  return [
    {
      statement,
      clause,
      severity: 'notice',
      message: `Detaches ${relation(partition, context)}: nobody can read or write ${name}, with all its partitions, until the transaction ends.`,
      why: 'It takes ACCESS EXCLUSIVE on the partitioned table itself; every query that arrives meanwhile queues behind it.',
      instead: [
        '-- alone in a migration of its own',
        `ALTER TABLE ${name} ${clauseText(statement, clause)} CONCURRENTLY;`,
      ].join('\n'),
    },
  ]
}
