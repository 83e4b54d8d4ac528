import { readFileSync } from 'node:fs'
import { CatalogDraft } from '../../../src/sql/catalog/draft.ts'
import { emptyCatalog } from '../../../src/sql/catalog/model.ts'
import { effectsOf } from '../../../src/sql/effects/effects-of.ts'
import type { Outcome } from '../../../src/sql/effects/sink.ts'
import type { Effects } from '../../../src/sql/model.ts'
import { type ParsedStatement, type Parser, parseMigration } from '../../../src/sql/parse.ts'

export interface CatalogueEntry {
  readonly sql: string
  readonly since: number
  readonly unknown: boolean
  /** Some of it lies in branches that these servers do not take; all of it is said. */
  readonly branches: boolean
}

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}

export const setup = read('setup.sql')

export const catalogue: readonly CatalogueEntry[] = read('statements.sql')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('-- '))
  .map((line) => {
    const [sql = '', note = ''] = line.split(/; -- /)
    return {
      sql: sql.replace(/;$/, ''),
      since: Number(/since (\d+)/.exec(note)?.[1] ?? 14),
      unknown: /unknown/.test(note),
      branches: /branches/.test(note),
    }
  })

/** The model of a database in which setup.sql has run. */
export class Model {
  readonly #parser: Parser
  readonly #draft = new CatalogDraft(emptyCatalog)

  constructor(parser: Parser) {
    this.#parser = parser
    for (const statement of this.#statements(setup)) {
      for (const change of this.#effectsOf(statement, 'setup').changes) this.#draft.apply(change)
    }
  }

  effectsOf(sql: string): { readonly kind: string; readonly effects: Effects } {
    const [statement] = this.#statements(sql)
    if (statement === undefined) throw new Error(`no statement in ${sql}`)
    return { kind: statement.kind, effects: this.#effectsOf(statement, 'judged').effects }
  }

  #effectsOf({ node, sql }: ParsedStatement, migration: string): Outcome {
    const context = { path: ['public'], text: sql, parser: this.#parser, within: [] }
    return effectsOf(node, { ...context, catalog: this.#draft, migration })
  }

  #statements(sql: string): readonly ParsedStatement[] {
    const parsed = parseMigration(this.#parser, sql)
    if (parsed.kind === 'syntax-error') throw new Error(`${parsed.message}: ${sql}`)
    return parsed.statements
  }
}
