/** The tree that libpg_query makes of a PL/pgSQL body: objects with one key each, and SQL as text in `PLpgSQL_expr`. */

export type PlNode = Readonly<Record<string, unknown>>

export interface PlExpression {
  readonly query: string
  readonly mode: 'statement' | 'expression' | 'assignment'
}

export interface PlStatement {
  readonly kind: string
  readonly node: PlNode
  readonly line: number | undefined
}

export interface PlFunction {
  readonly datums: readonly PlStatement[]
  readonly action: PlStatement
}

export function plFunctionOf(tree: unknown): PlFunction | undefined {
  const functions = isNode(tree) ? tree.plpgsql_funcs : undefined
  if (!Array.isArray(functions) || functions.length !== 1) return undefined
  const inner = isNode(functions[0]) ? functions[0].PLpgSQL_function : undefined
  if (!isNode(inner)) return undefined
  const action = one(inner.action)
  return action === undefined ? undefined : { datums: listOf(inner.datums), action }
}

/** `RAW_PARSE_DEFAULT` is 0, `RAW_PARSE_PLPGSQL_EXPR` 2, the assignments 3 to 5 (src/include/parser/parser.h). */
export function expressionOf(value: unknown): PlExpression | undefined {
  const inner = isNode(value) ? value.PLpgSQL_expr : undefined
  if (!isNode(inner) || typeof inner.query !== 'string') return undefined
  const mode = typeof inner.parseMode === 'number' ? inner.parseMode : 0
  return { query: inner.query, mode: mode >= 3 ? 'assignment' : mode === 2 ? 'expression' : 'statement' }
}

export function listOf(value: unknown): readonly PlStatement[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((item) => one(item) ?? [])
}

function one(value: unknown): PlStatement | undefined {
  if (!isNode(value)) return undefined
  const [kind] = Object.keys(value)
  const node = kind === undefined ? undefined : value[kind]
  if (kind === undefined || !isNode(node)) return undefined
  return { kind, node, line: typeof node.lineno === 'number' ? node.lineno : undefined }
}

export function isNode(value: unknown): value is PlNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
