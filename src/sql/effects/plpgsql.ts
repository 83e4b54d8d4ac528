/** PL/pgSQL: every branch counts, because nobody knows which one runs. What cannot be read is said with its line. */

import type { Node } from 'libpg-query'
import type { BodyRun, Place } from './body.ts'
import { foldText, noVariables, type Variables } from './folding.ts'
import {
  expressionOf,
  isNode,
  listOf,
  type PlExpression,
  type PlFunction,
  type PlStatement,
  plFunctionOf,
} from './plpgsql-tree.ts'
import {
  assignedValue,
  constantsOf,
  loopedOver,
  namesOf,
  noNames,
  typeOf,
  type VariableNames,
} from './plpgsql-variables.ts'
import { as } from './tree.ts'

/** `text` is the whole statement, a DO or a CREATE FUNCTION; `name` is how the body is called in what is said about it. */
export function runPlPgSql(text: string, name: string, certain: boolean, run: BodyRun): void {
  let body: PlFunction | undefined
  try {
    body = plFunctionOf(run.sink.context.parser.parsePlPgSql(text))
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown
    run.sink.unknown(`${name} cannot be read: ${thrown.message}`)
    return
  }
  if (body === undefined) run.sink.unknown(`${name} cannot be read`)
  else new Walk(name, run, certain).body(body)
}

/** Where statements of a statement are, by kind; `undefined` for the kinds that have none. */
const branches: Readonly<Record<string, readonly string[]>> = {
  PLpgSQL_stmt_if: ['then_body', 'elsif_list', 'else_body'],
  PLpgSQL_if_elsif: ['stmts'],
  PLpgSQL_stmt_case: ['case_when_list', 'else_stmts'],
  PLpgSQL_case_when: ['stmts'],
  PLpgSQL_exception_block: ['exc_list'],
  PLpgSQL_exception: ['action'],
  PLpgSQL_stmt_loop: ['body'],
  PLpgSQL_stmt_while: ['body'],
  PLpgSQL_stmt_fori: ['body'],
  PLpgSQL_stmt_fors: ['body'],
  PLpgSQL_stmt_forc: ['body'],
  PLpgSQL_stmt_dynfors: ['body'],
  PLpgSQL_stmt_foreach_a: ['body'],
}

const loops = new Set(Object.keys(branches).filter((kind) => /_(loop|while|for)/.test(kind)))

/** The text that is run is the value of this expression. */
const computed: Readonly<Record<string, string>> = {
  PLpgSQL_stmt_dynexecute: 'query',
  PLpgSQL_stmt_dynfors: 'query',
  PLpgSQL_stmt_return_query: 'dynquery',
  PLpgSQL_stmt_open: 'dynquery',
}

/** Their expressions are read like those of any other; they do nothing else. */
const plain = new Set([
  'PLpgSQL_stmt_assign',
  'PLpgSQL_stmt_execsql',
  'PLpgSQL_stmt_perform',
  'PLpgSQL_stmt_call',
  'PLpgSQL_stmt_exit',
  'PLpgSQL_stmt_return',
  'PLpgSQL_stmt_return_next',
  'PLpgSQL_stmt_raise',
  'PLpgSQL_stmt_assert',
  'PLpgSQL_stmt_getdiag',
  'PLpgSQL_stmt_fetch',
  'PLpgSQL_stmt_close',
  'PLpgSQL_stmt_commit',
])

const leaves = new Set(['PLpgSQL_stmt_exit', 'PLpgSQL_stmt_return'])

class Walk {
  readonly #name: string
  readonly #run: BodyRun
  #certain: boolean
  #repeated = false
  #variables: Variables = noVariables
  #names: VariableNames = noNames
  #line: number | undefined

  constructor(name: string, run: BodyRun, certain: boolean) {
    this.#name = name
    this.#run = run
    this.#certain = certain
  }

  body(body: PlFunction): void {
    this.#names = namesOf(body)
    this.#variables = constantsOf(body, this.#names, (text) => this.#expression(text))
    for (const datum of body.datums) {
      this.#line = datum.line
      this.#expressionsIn(datum.node, [])
      this.#type(typeOf(datum.node))
    }
    this.#statement(body.action)
  }

  get #place(): Place {
    const where = this.#line === undefined ? this.#name : `line ${this.#line} of ${this.#name}`
    return { where, certain: this.#certain, repeated: this.#repeated }
  }

  #statements(list: readonly PlStatement[]): void {
    for (const statement of list) this.#statement(statement)
  }

  #statement(statement: PlStatement): void {
    const { kind, node } = statement
    if (statement.line !== undefined) this.#line = statement.line
    if (kind === 'PLpgSQL_stmt_block') {
      this.#block(statement)
      return
    }
    const below = branches[kind]
    const dynamic = computed[kind]
    this.#expressionsIn(node, [...(below ?? []), 'var', 'target'])
    if (dynamic !== undefined && node[dynamic] !== undefined) this.#execute(expressionOf(node[dynamic]))
    if (kind === 'PLpgSQL_stmt_rollback')
      this.#run.sink.unknown(`${this.#place.where}: ROLLBACK takes statements before it back, which is not followed`)
    else if (below === undefined && dynamic === undefined && !plain.has(kind))
      this.#run.sink.unknown(`${this.#place.where}: ${kind.replace('PLpgSQL_stmt_', '').toUpperCase()} is not followed`)
    if (below !== undefined) this.#branches(statement, below)
    // Whatever comes after a way out that lies in a branch may not be reached.
    if (leaves.has(kind)) this.#certain = false
  }

  #block({ node }: PlStatement): void {
    const handlers = isNode(node.exceptions) ? listOf([node.exceptions]) : []
    const before = this.#certain
    if (handlers.length > 0) this.#certain = false
    this.#statements(listOf(node.body))
    this.#statements(handlers)
    if (handlers.length > 0) this.#certain = before && !containsLeaving(node)
  }

  #branches({ kind, node }: PlStatement, keys: readonly string[]): void {
    const before = { certain: this.#certain, variables: this.#variables, repeated: this.#repeated }
    this.#certain = false
    if (kind === 'PLpgSQL_stmt_foreach_a')
      this.#variables = loopedOver(node, this.#names, this.#variables, (text) => this.#expression(text))
    for (const key of keys) this.#statements(listOf(node[key]))
    if (loops.has(kind) && !before.repeated) {
      // What a turn leaves behind is what the next one finds.
      this.#repeated = true
      for (const key of keys) this.#statements(listOf(node[key]))
    }
    this.#variables = before.variables
    this.#repeated = before.repeated
    this.#certain = before.certain && !containsLeaving(node)
  }

  /** A value is checked when a variable of a domain gets it; `t.c%TYPE` is among the types of `t`. */
  #type(written: string): void {
    const type = written.replace(/(\.("([^"]|"")+"|[\w$]+))?%type$/i, '').replace(/%rowtype$/i, '')
    if (type !== '') this.#run.sql(`SELECT NULL::${type}`, { ...this.#place, certain: false })
  }

  /** Every expression that is not inside a statement below, wherever the tree keeps it. */
  #expressionsIn(value: unknown, except: readonly string[]): void {
    const expression = expressionOf(value)
    if (expression !== undefined) this.#evaluate(expression)
    else if (Array.isArray(value)) for (const item of value) this.#expressionsIn(item, [])
    else if (isNode(value))
      for (const [key, inner] of Object.entries(value)) if (!except.includes(key)) this.#expressionsIn(inner, [])
  }

  #evaluate({ query, mode }: PlExpression): void {
    if (mode === 'statement') {
      this.#run.sql(query, this.#place)
      return
    }
    const value = mode === 'assignment' ? assignedValue(query) : query
    // `v[f()] := …` computes where the value goes.
    if (value?.length !== query.length && query.slice(0, -(value ?? '').length).includes('['))
      this.#run.sql(`SELECT ${query.slice(0, -(value ?? '').length).replace(/:?=$/, '')}`, this.#place)
    if (value === undefined) this.#run.sink.unknown(`${this.#place.where}: the assignment ${query} is not read`)
    else this.#run.sql(`SELECT ${value}`, this.#place)
  }

  #execute(expression: PlExpression | undefined): void {
    const node = expression === undefined ? undefined : this.#expression(expression.query)
    const texts = foldText(node, this.#variables)
    const place = this.#place
    if (texts === undefined) {
      this.#run.sink.unknown(`${place.where} runs text that is computed: ${oneLine(expression?.query ?? '')}`)
      return
    }
    for (const text of texts) this.#run.sql(text, { ...place, certain: place.certain && texts.length === 1 })
  }

  #expression(text: string): Node | undefined {
    const [statement] = this.#run.parsed(`SELECT ${text}`, this.#place) ?? []
    const value = as(as(statement?.node, 'SelectStmt')?.targetList?.[0], 'ResTarget')?.val
    // A `format` or `||` of somebody's own makes another text.
    return value === undefined || this.#run.isOwn(value) ? undefined : value
  }
}

function containsLeaving(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsLeaving)
  if (!isNode(value)) return false
  return Object.entries(value).some(([key, inner]) => leaves.has(key) || containsLeaving(inner))
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > 80 ? `${line.slice(0, 79)}…` : line
}
