import { as, strings } from '../../sql/effects/tree.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'session-setting-stays',
  title: 'A setting goes on to the migrations after this one, or takes a protection away',
  group: 'transaction',
  documentation: {
    summary:
      'Prisma runs all pending migrations in one session, so a SET without LOCAL holds for those after it too, and for the ' +
      'records that Prisma keeps. An emptied search_path (as pg_dump writes it) makes them miss their tables; ' +
      'session_replication_role = replica switches foreign keys and triggers off; lock_timeout = 0 lets a waiting statement ' +
      'queue every query behind it without end.',
    bad: 'SET session_replication_role = \'replica\';\nUPDATE "User" SET "name" = \'x\' WHERE id = 1;',
    good: 'SET lock_timeout = \'2s\';\nALTER TABLE "User" ADD COLUMN "note" TEXT;',
  },
  about: ['VariableSetStmt', 'SelectStmt'],
  check: (context) => context.statements.flatMap((statement) => remark(statement, context)),
}

interface Setting {
  readonly name: string
  readonly value: string
  readonly local: boolean
}

function remark(statement: AnalysedStatement, context: RuleContext): readonly Remark[] {
  const setting = settingOf(statement)
  if (setting === undefined) return []
  const { name, value, local } = setting
  if (name === 'session_replication_role' && value !== 'origin') {
    return [
      {
        statement,
        severity: 'warning',
        message: `Switches foreign keys and triggers off (session_replication_role = ${value}): rows written from here on are not checked${local || isReset(name, statement, context) ? '' : ', in the migrations after this one too'}.`,
        why: 'PostgreSQL takes foreign keys for proven and never checks them again, so a row without its parent stays unnoticed. Only a superuser may set it.',
        instead: [
          '-- what has no parent, to be found before and after, for each foreign key',
          "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'f';",
        ].join('\n'),
      },
    ]
  }
  if (name === 'lock_timeout' && /^0(\s*\w+)?$/.test(value)) {
    return [
      {
        statement,
        severity: 'warning',
        message: `Waits for locks without end (${name} = ${value}): while a statement waits, every query on its table queues behind it.`,
        why: 'A lock that is waited for stops also those who come later, reads included; the time limit that the deploy sets is taken away by this.',
        instead: `-- the limit of the deploy holds without this line; another one for this file\nSET lock_timeout = '2s';`,
      },
    ]
  }
  if (local || !matters.has(name) || isReset(name, statement, context)) return []
  const what = name === 'role' ? 'the role' : name
  return [
    {
      statement,
      severity: 'warning',
      message: `Sets ${what} for the session: the migrations after this one run with it too${name === 'search_path' ? ', and do not find their tables where they expect them' : ''}.`,
      why: 'Prisma runs all pending migrations, and writes its own records, in one session; SET lasts until the session ends.',
      instead: `RESET ${name};\n-- as the last statement of the file, or SET LOCAL between BEGIN and COMMIT`,
    },
  ]
}

/** Settings that change what later statements mean. The others (memory, messages) only change how. */
const matters = new Set([
  'search_path',
  'role',
  'session_authorization',
  'row_security',
  'default_transaction_read_only',
])

function settingOf(statement: AnalysedStatement): Setting | undefined {
  const set = as(statement.node, 'VariableSetStmt')
  if (set?.kind === 'VAR_SET_VALUE') {
    const constant = as(set.args?.[0], 'A_Const')
    const value = constant?.sval?.sval ?? String(constant?.ival?.ival ?? (constant?.ival === undefined ? '' : 0))
    return { name: set.name ?? '', value, local: set.is_local === true }
  }
  // pg_dump empties the path by a function.
  const call = as(as(as(statement.node, 'SelectStmt')?.targetList?.[0], 'ResTarget')?.val, 'FuncCall')
  if (call === undefined || strings(call.funcname).at(-1) !== 'set_config') return undefined
  const [name, value, local] = (call.args ?? []).map((argument) => as(argument, 'A_Const'))
  return {
    name: name?.sval?.sval ?? '',
    value: value?.sval?.sval ?? '',
    local: local?.boolval?.boolval === true,
  }
}

function isReset(name: string, statement: AnalysedStatement, context: RuleContext): boolean {
  return context.statements.slice(statement.index + 1).some((later) => {
    const set = as(later.node, 'VariableSetStmt')
    if (later.kind === 'DiscardStmt' || set?.kind === 'VAR_RESET_ALL') return true
    return set?.name === name && (set.kind === 'VAR_RESET' || set.kind === 'VAR_SET_DEFAULT')
  })
}
