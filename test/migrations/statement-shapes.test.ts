import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse_sql } from '../../node_modules/@guanmingchiu/sqlparser-ts/wasm/sqlparser_rs_wasm.js'
import { madeHistory, randomFrom } from '../../scripts/bench/made-history.ts'
import type { SqlParser } from '../../src/migrations/execution-model.ts'
import { loadSqlParser } from '../../src/migrations/execution-parser.ts'
import { shapesOf } from '../../src/migrations/statement-shapes.ts'
import matrix from '../truth/matrix.json' with { type: 'json' }

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (folder: string) =>
  (existsSync(join(root, folder)) ? readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }) : [])
    .map((file) => join(root, folder, file))
    .filter((file) => file.endsWith('.sql') && statSync(file).isFile())
    .map((file) => readFileSync(file, 'utf8'))
const catalogue = (matrix as readonly { readonly sql: string }[]).map(({ sql }) => sql)

let parser: SqlParser

beforeAll(async () => {
  parser = await loadSqlParser()
})

function askedDirectly(sql: string): number | undefined {
  try {
    return (parse_sql('postgresql', sql) as readonly unknown[]).length
  } catch {
    return undefined
  }
}

describe('the shape of a statement', () => {
  it('has neither names nor texts nor numbers, comments nor line breaks', () => {
    expect(
      shapesOf('-- c\nALTER TABLE "a"."B"\n  ADD "x" VARCHAR(191) /* ; */ DEFAULT \'it\';\nDROP TABLE t;;'),
    ).toEqual(['ALTER TABLE "n"."n" ADD "n" VARCHAR(1) DEFAULT \'s\'', 'DROP TABLE t'])
  })

  it('keeps what has an escape, a doubled quote or an unusual form', () => {
    const sql = `SELECT E'\\'', 'it''s', 'C:\\', "a""b", $$ ; $$, 1.5, 0x1F, 12345678901`
    expect(shapesOf(sql)).toEqual([sql])
  })

  it('is not told where a carriage return or a form feed stands alone, which not everybody takes for a blank', () => {
    expect(shapesOf('SELECT 1;\r\nSELECT 2;\r\n')).toHaveLength(2)
    expect(shapesOf('-- a\rSELECT 1;')).toBeUndefined()
    expect(shapesOf('SELECT\f1;')).toBeUndefined()
  })

  it('is not told where an END stands inside a statement', () => {
    expect(shapesOf('BEGIN; SELECT 1; END;')).toEqual(['BEGIN', 'SELECT 1', 'END'])
    expect(shapesOf('DROP TABLE a END DROP TABLE b;')).toBeUndefined()
  })
})

describe('how many statements Prisma reads in a file', () => {
  it.each([
    ['the catalogue of statements', () => catalogue],
    ['the cases of the rules', () => read('src/rules')],
    ['a made-up history', () => madeHistory(300).map(({ sql }) => sql)],
    ['public histories, where they were fetched', () => read('.cache/histories')],
  ])('is the same by shapes as when its parser is asked for the whole file: %s', (_title, files) => {
    for (const sql of files()) expect([sql, parser.countStatements(sql)]).toEqual([sql, askedDirectly(sql)])
  })

  it.each([1, 2, 3])('is the same for files put together at random (seed %i)', (seed) => {
    const random = randomFrom(seed)
    const between = [';\n', ';', ' ;;\n', '\n', '; -- end\n', ';\n/* a; */ ', ";\n-- it's\n", '; END; ', ' END ']
    for (let file = 0; file < 500; file += 1) {
      let sql = ''
      for (let count = 1 + random(5); count > 0; count -= 1)
        sql += `${catalogue[random(catalogue.length)]}${between[random(between.length)]}`
      expect([sql, parser.countStatements(sql)]).toEqual([sql, askedDirectly(sql)])
    }
  })
})
