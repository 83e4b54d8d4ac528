import type { Session } from '../../../ports.ts'
import type {
  ColumnObject,
  ConstraintObject,
  ExtensionObject,
  FunctionObject,
  Named,
  Objects,
  PartObject,
  SequenceObject,
  TableObject,
  TriggerObject,
  TypeObject,
  ViewObject,
} from './objects.ts'
import * as sql from './read-objects-sql.ts'

type Nullable<Value> = { readonly [Key in keyof Value]: undefined extends Value[Key] ? Value[Key] | null : Value[Key] }
type ColumnRow = Nullable<ColumnObject> & { readonly table: string }

/** The session is one of connect(): names in definitions are whole. */
export async function readObjects(session: Session): Promise<Objects> {
  const columns = new Map<string, ColumnObject[]>()
  for (const { table, ...column } of await session.query<ColumnRow>(sql.columnsSql)) {
    const known = columns.get(table) ?? []
    columns.set(table, known)
    known.push(withoutNulls(column))
  }
  const tables = await session.query<Nullable<Omit<TableObject, 'columns'>>>(sql.tablesSql)
  const sequences = await session.query<Nullable<SequenceObject>>(sql.sequencesSql)
  const functions = await session.query<Nullable<FunctionObject>>(sql.functionsSql)
  return {
    schemas: await session.query<Named>(sql.schemasSql),
    extensions: await session.query<ExtensionObject>(sql.extensionsSql),
    types: await session.query<TypeObject>(sql.typesSql),
    sequences: sequences.map((one) => withoutNulls(one)),
    tables: tables.map((one) => ({ ...withoutNulls(one), columns: columns.get(one.oid) ?? [] })),
    views: await session.query<ViewObject>(sql.viewsSql),
    constraints: await session.query<ConstraintObject>(sql.constraintsSql),
    indexes: await session.query<PartObject>(sql.indexesSql),
    statistics: await session.query<PartObject>(sql.statisticsSql),
    triggers: await session.query<TriggerObject>(sql.triggersSql),
    rules: await session.query<PartObject>(sql.rulesSql),
    policies: await session.query<PartObject>(sql.policiesSql),
    functions: functions.map((one) => withoutNulls(one)),
  }
}

function withoutNulls<Value>(row: Nullable<Value>): Value {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined])) as Value
}
