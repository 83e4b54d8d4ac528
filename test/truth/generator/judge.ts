import { type Client, DatabaseError } from 'pg'
import { analyseMigration } from '../../../src/sql/analyse.ts'
import { type Catalog, emptyCatalog } from '../../../src/sql/catalog/model.ts'
import type { Parser } from '../../../src/sql/parse.ts'
import { type Comparison, comparison } from '../../sql/effects-truth/agreement.ts'
import { type Look, look, type Observed, observeInTransaction } from '../../sql/effects-truth/observe.ts'
import { fillEmptyTables } from '../rows.ts'
import { randomFrom } from './random.ts'
import { randomSchema } from './schema.ts'
import { randomStatement } from './statements.ts'
import { readWorld, type World } from './world.ts'

/**
 * One model stands for all majors and says the most that any of them does; `said` then has to cover what is seen. Each was
 * measured, and has its line among the statements of the truth.
 */
const saysMore = [
  // From 18 on ANALYZE locks inheriting tables like the parent.
  /^ANALYZE/,
  // From 18 on keys of a parent lock the tables that inherit from it, and partitions as strongly as the parent.
  /ADD (CONSTRAINT \w+ )?(UNIQUE|PRIMARY KEY)/,
  // From 18 on a foreign key locks the tables that inherit from the one that has it.
  /ADD (CONSTRAINT \w+ )?FOREIGN KEY/,
  // From 17 on identity is shared with the partitions.
  /AS IDENTITY|DROP IDENTITY|SET GENERATED/,
  // Any column may be one of a table whose columns were not seen.
  /DROP COLUMN IF EXISTS/,
  // From 15 on the sequences of a table change with it.
  /SET (UN)?LOGGED/,
  // Up to 17 those of the children are locked where nothing changes, from 18 on even with ONLY.
  /(SET|DROP) NOT NULL/,
  // From 15 on triggers of partitions are renamed with the parent's; which triggers are for each row is not kept.
  /^ALTER TRIGGER|^DROP TRIGGER|(EN|DIS)ABLE TRIGGER/,
]

/** What a branch left, and whether a domain has another constraint, is uncertain to the model for good: it then says the most. */
function clouds(sql: string): boolean {
  return mayBranch(sql) || /^(DO .*)?ALTER DOMAIN .* DROP (CONSTRAINT|NOT NULL)/.test(sql)
}

/** An UPDATE takes rows from one partition to another, and from the database none. */
function withoutMoved(sql: string, observed: Observed): Observed {
  return sql.startsWith('UPDATE') ? { ...observed, rows: [] } : observed
}

function mayBranch(sql: string): boolean {
  return /^DO .*(IF|EXCEPTION) /.test(sql)
}

export interface Clients {
  readonly client: Client
  readonly witness: Client
}

export type Judged = { readonly sql: string; readonly kind: string } & (
  | { readonly verdict: 'refused'; readonly because: string }
  | { readonly verdict: 'agrees' }
  | { readonly verdict: 'unknown'; readonly because: string }
  | ({ readonly verdict: 'differs'; readonly history: readonly string[] } & Comparison)
)

/**
 * A database of its own making from the seed, and that many statements against it. Some stay, so that the model has to know
 * what they left; some leave nothing.
 */
export async function judgeSeed(
  parser: Parser,
  { client, witness }: Clients,
  seed: number,
  statements: number,
): Promise<readonly Judged[]> {
  const random = randomFrom(seed)
  const history: string[] = []
  const judged: Judged[] = []
  const notFilled = new Set<number>()
  let catalog: Catalog = emptyCatalog
  let count = 0
  /** Until a statement stays. */
  let world: World | undefined
  let seen: Look | undefined
  for (const sql of randomSchema(random)) if (await stays(sql)) catalog = modelled(sql).catalogAfter
  while (judged.length < statements) {
    if (world === undefined) {
      await fillEmptyTables(witness, notFilled)
      world = await readWorld(witness)
      seen = await look(witness)
    }
    if (world.tables.length === 0) break
    const sql = randomStatement(world, random)
    if (sql !== undefined) judged.push(await judge(sql, random.percent(40) && !clouds(sql)))
  }
  return judged

  async function stays(sql: string): Promise<boolean> {
    try {
      await client.query(sql)
    } catch (thrown) {
      messageOf(thrown)
      return false
    }
    history.push(sql)
    return true
  }

  function modelled(sql: string) {
    count += 1
    const name = `${count}_made_up`
    const analysis = analyseMigration(parser, { name, file: `${name}/migration.sql`, sql, schema: 'public', catalog })
    if (analysis.kind === 'syntax-error') throw new Error(`${analysis.message}: ${sql}`)
    return analysis
  }

  async function judge(sql: string, keep: boolean): Promise<Judged> {
    const before = [...history]
    const { statements: analysed, catalogAfter } = modelled(sql)
    const [statement] = analysed
    if (statement === undefined) throw new Error(`no statement in ${sql}`)
    const { kind, effects } = statement
    const answer = await observed(sql, keep)
    if (typeof answer === 'string') return { sql, kind, verdict: 'refused', because: answer }
    if (keep) {
      world = undefined
      history.push(sql)
      catalog = catalogAfter
    }
    if (effects.unknown) return { sql, kind, verdict: 'unknown', because: effects.unknownBecause ?? '' }
    const branches = mayBranch(sql) || kind === 'SelectStmt' || saysMore.some((pattern) => pattern.test(sql))
    const compared = comparison(
      { sql, since: 0, unknown: false, branches },
      { kind, effects },
      withoutMoved(sql, answer),
    )
    const agrees = JSON.stringify(compared.said) === JSON.stringify(compared.seen)
    return agrees ? { sql, kind, verdict: 'agrees' } : { sql, kind, verdict: 'differs', history: before, ...compared }
  }

  async function observed(sql: string, keep: boolean): Promise<Observed | string> {
    await client.query('BEGIN')
    try {
      const sighting = await observeInTransaction({ client, witness, left: seen }, sql)
      await client.query(keep ? 'COMMIT' : 'ROLLBACK')
      return sighting.observed
    } catch (thrown) {
      await client.query('ROLLBACK')
      return messageOf(thrown)
    }
  }
}

function messageOf(thrown: unknown): string {
  if (!(thrown instanceof DatabaseError)) throw thrown
  return `${thrown.code ?? ''} ${thrown.message}`
}
