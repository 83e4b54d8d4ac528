import { describe, expect, it } from 'vitest'
import { clausesOf } from '../../src/sql/clauses.ts'

const texts = (sql: string) => clausesOf(sql).map((clause) => clause.text)

describe('the commands of an ALTER TABLE', () => {
  it('are found behind every form of the name', () => {
    for (const table of ['a', 'IF EXISTS a', 'ONLY a', '"A b"', 'app."User"', 'IF EXISTS ONLY app.a', 'a *']) {
      expect(texts(`ALTER TABLE ${table} DROP COLUMN b, ADD c int`), table).toEqual(['DROP COLUMN b', 'ADD c int'])
    }
  })

  it('are not cut at commas inside brackets, strings and comments', () => {
    const sql =
      'ALTER TABLE a ADD b numeric(10,2) DEFAULT 1.5, -- one, two\n ADD c text DEFAULT \'x,y\', ADD d int[] DEFAULT ARRAY[1,2], DROP "e,f"'
    expect(texts(sql)).toEqual([
      'ADD b numeric(10,2) DEFAULT 1.5',
      "ADD c text DEFAULT 'x,y'",
      'ADD d int[] DEFAULT ARRAY[1,2]',
      'DROP "e,f"',
    ])
  })

  it('have their place in the statement', () => {
    const sql = 'ALTER TABLE "User" DROP COLUMN "a",\n  DROP COLUMN "b"'
    expect(clausesOf(sql).map(({ start, end }) => sql.slice(start, end))).toEqual([
      'DROP COLUMN "a"',
      'DROP COLUMN "b"',
    ])
  })
})

describe('any other statement', () => {
  it('is one clause', () => {
    expect(texts('CREATE INDEX a ON b (c, d)')).toEqual(['CREATE INDEX a ON b (c, d)'])
  })
})
