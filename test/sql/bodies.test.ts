import { describe, expect, it } from 'vitest'
import { emptyCatalog } from '../../src/sql/catalog/model.ts'
import { lastOf, locksOf, lossesOf } from './history.ts'

const tables = 'CREATE TABLE a (id INT PRIMARY KEY, b TEXT, c INT); CREATE TABLE d (id INT);'
const applied = (...files: readonly string[]) => lastOf([tables, ...files], { catalog: emptyCatalog })
const unknownOf = (sql: string) => applied(sql).statements[0]?.effects.unknownBecause

describe('what cannot be read in a body is said with its line', () => {
  it.each([
    [
      "DO $$\nBEGIN\n  EXECUTE 'DROP TABLE ' || current_setting('x');\nEND $$;",
      "line 3 of the DO block runs text that is computed: 'DROP TABLE ' || current_setting('x')",
    ],
    [
      'DO $$ BEGIN\n PERFORM nobody_knows();\nEND $$;',
      'line 2 of the DO block: it calls the function nobody_knows(), whose body is not known',
    ],
    ["DO $$ BEGIN\n EXECUTE 'DROP TABEL a';\nEND $$;", 'line 2 of the DO block: syntax error at or near "TABEL"'],
    [
      'DO $$ BEGIN\n DELETE FROM a;\n ROLLBACK;\nEND $$;',
      'line 3 of the DO block: ROLLBACK takes statements before it back, which is not followed',
    ],
    ['DO $$ BEGIN unheard := 1; END $$;', 'the DO block cannot be read: "unheard" is not a known variable'],
    ["DO LANGUAGE plpython3u 'pass';", 'the DO block is written in plpython3u, which is not read'],
    ['CALL nobody_knows();', 'it calls the procedure nobody_knows(), whose body is not known'],
  ])('%s', (sql, because) => {
    expect(unknownOf(sql)).toBe(because)
  })

  it('is unknown for a variable that is given another value anywhere', () => {
    const body = (statement: string) =>
      `DO $$ DECLARE t text := 'a'; n int; BEGIN ${statement} EXECUTE 'DROP TABLE ' || t; END $$;`
    expect(unknownOf(body(''))).toBeUndefined()
    for (const statement of [
      "t := 'd';",
      'SELECT b INTO t FROM a;',
      "EXECUTE 'SELECT 1' INTO t;",
      'GET DIAGNOSTICS t = ROW_COUNT;',
      'FOR t IN SELECT b FROM a LOOP NULL; END LOOP;',
      "FOREACH t IN ARRAY ARRAY['d'] LOOP NULL; END LOOP;",
    ])
      expect(unknownOf(body(statement)), statement).toMatch(/runs text that is computed/)
  })
})

describe('text that EXECUTE makes of constants is read', () => {
  it.each([
    "'DROP TABLE d'",
    "'DROP' || ' TABLE ' || 'd'::text",
    "format('DROP TABLE %I', 'd')",
    "format('DROP TABLE %2$I%1$s', '', 'd')",
    "format('DROP TABLE %I -- 100%%', 'd')",
    "concat('DROP TABLE ', quote_ident('d'))",
    "'DO ' || quote_literal('BEGIN DROP TABLE d; END')",
  ])('%s', (text) => {
    const analysis = applied(`DO $$ BEGIN EXECUTE ${text}; END $$;`)
    expect(analysis.statements[0]?.effects.unknownBecause).toBeUndefined()
    expect(lossesOf(analysis)).toEqual(['table public.d'])
    expect([...analysis.catalogAfter.relations.keys()]).not.toContain('public.d')
  })
})

describe('a catalog after something that may not have run', () => {
  const perhaps = (statement: string) => `DO $$ BEGIN IF now() > '2030-01-01' THEN ${statement}; END IF; END $$;`

  it('still has what may have been dropped, and IF NOT EXISTS may create it', () => {
    const analysis = applied(
      perhaps('DROP TABLE d'),
      'CREATE TABLE IF NOT EXISTS d (id INT REFERENCES a(id)); DROP TABLE d;',
    )
    expect(locksOf(analysis)).toEqual({ 'public.a': 'ShareRowExclusiveLock' })
    expect(lossesOf(analysis, 1)).toEqual(['table public.d'])
  })

  it('has what may have been created, and IF NOT EXISTS may still create it', () => {
    const analysis = applied(
      perhaps('ALTER TABLE a ADD COLUMN x UUID'),
      'ALTER TABLE a ADD COLUMN IF NOT EXISTS x UUID DEFAULT gen_random_uuid(); ALTER TABLE a DROP COLUMN IF EXISTS x;',
    )
    expect(analysis.statements[0]?.effects.rewrites).toEqual(['public.a'])
    expect(lossesOf(perhapsDropped(), 0)).toEqual(['column public.a.x'])
  })

  function perhapsDropped() {
    return applied(perhaps('ALTER TABLE a ADD COLUMN x UUID'), 'ALTER TABLE a DROP COLUMN IF EXISTS x;')
  }

  it('trusts no constraint that may not be there', () => {
    const check = 'ALTER TABLE a ADD CONSTRAINT k CHECK (c IS NOT NULL)'
    const scans = (first: string) => applied(first, 'ALTER TABLE a ALTER c SET NOT NULL;').statements[0]?.effects.scans
    expect(scans(check)).toEqual([])
    expect(scans(perhaps(check))).toEqual(['public.a'])
    expect(scans(perhaps('ALTER TABLE a ALTER c SET NOT NULL'))).toEqual(['public.a'])
  })

  it('knows the foreign key that a guarded block made: dropping the other table names it', () => {
    const block =
      'DO $$ BEGIN ALTER TABLE d ADD CONSTRAINT d_fk FOREIGN KEY (id) REFERENCES a(id); EXCEPTION WHEN duplicate_object THEN NULL; END $$;'
    expect(lossesOf(applied(block, 'DROP TABLE a CASCADE;'))).toEqual(['table public.a', 'constraint public.d.d_fk'])
  })

  it('does not know the type of a column that may have changed', () => {
    const analysis = applied(perhaps('ALTER TABLE a ALTER b TYPE varchar(10)'), 'ALTER TABLE a ALTER b TYPE text;')
    expect(analysis.statements[0]?.effects.unknown).toBe(true)
  })

  it('says so when a table that may have been renamed is touched, by either name', () => {
    for (const name of ['d', 'e']) {
      const analysis = applied(perhaps('ALTER TABLE d RENAME TO e'), `ALTER TABLE ${name} ADD COLUMN x INT;`)
      expect(analysis.statements[0]?.effects.unknownBecause).toMatch(/not certain/)
    }
  })

  it('is certain again after a statement that is', () => {
    const analysis = applied(
      perhaps('DROP TABLE d'),
      'DROP TABLE IF EXISTS d;',
      'CREATE TABLE d (id INT REFERENCES a(id));',
      'CREATE TABLE IF NOT EXISTS d (id INT);',
    )
    expect(analysis.statements[0]?.effects.locks).toEqual([])
  })

  it('calls a table new only where it cannot have been there before', () => {
    const create = 'DO $$ BEGIN CREATE TABLE n (id INT); EXCEPTION WHEN duplicate_table THEN NULL; END $$;'
    expect(lastOf([create], { catalog: emptyCatalog }).creates).toEqual(['public.n'])
    expect(lastOf([create]).creates).toEqual([])
    const inOneFile = `${create} ALTER TABLE n ADD COLUMN x INT;`
    expect(locksOf(lastOf([inOneFile], { catalog: emptyCatalog }), 1)).toEqual({})
    expect(locksOf(lastOf([inOneFile]), 1)).toEqual({ 'public.n': 'AccessExclusiveLock' })
  })

  it('doubts what comes after a way out that may have been taken', () => {
    const block = "DO $$ BEGIN IF now() > '2030-01-01' THEN RETURN; END IF; CREATE TABLE n (id INT); END $$;"
    const analysis = applied(block, 'CREATE TABLE IF NOT EXISTS n (id INT REFERENCES a(id));')
    expect(locksOf(analysis)).toEqual({ 'public.a': 'ShareRowExclusiveLock' })
  })
})

describe('a function that a migration created', () => {
  const create = (body: string, more = '') =>
    `CREATE OR REPLACE FUNCTION work(${more}) RETURNS int LANGUAGE plpgsql AS $$ BEGIN ${body} RETURN 1; END $$;`

  it('is looked into where it is called, with its line', () => {
    expect(lossesOf(applied(create('DELETE FROM a;'), 'SELECT work();'))).toEqual(['rows public.a'])
    expect(
      applied(create("\nEXECUTE current_setting('x');"), 'SELECT work();').statements[0]?.effects.unknownBecause,
    ).toBe("line 2 of the function work() runs text that is computed: current_setting('x')")
  })

  it('is the one that replaced it, and every one that shares its name', () => {
    expect(lossesOf(applied(create('DELETE FROM a;'), create('DELETE FROM d;'), 'SELECT work();'))).toEqual([
      'rows public.d',
    ])
    expect(lossesOf(applied(create('DELETE FROM a;'), create('DELETE FROM d;', 'n int'), 'SELECT work();'))).toEqual([
      'rows public.a',
      'rows public.d',
    ])
  })

  it('looks where its own search_path says', () => {
    const elsewhere = create('DELETE FROM a;').replace('LANGUAGE plpgsql', 'LANGUAGE plpgsql SET search_path = app')
    expect(lossesOf(applied(elsewhere, 'SELECT work();'))).toEqual(['rows app.a'])
  })

  it('may call itself, and others so deep that nobody follows', () => {
    expect(applied(create('DELETE FROM a; PERFORM work();'), 'SELECT work();').statements[0]?.effects.unknown).toBe(
      false,
    )
    const chain = Array.from(
      { length: 12 },
      (_, index) =>
        `CREATE FUNCTION f${index}() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN f${index + 1}(); END $$;`,
    ).join('\n')
    expect(applied(chain, 'SELECT f0();').statements[0]?.effects.unknownBecause).toMatch(/too many calls deep/)
  })
})
