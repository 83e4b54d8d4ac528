import { describe, expect, it } from 'vitest'
import { rolesOf } from '../../../../src/stages/backup/prove/decide-roles.ts'
import { compareSchemas } from '../../../../src/stages/backup/prove/decide-schemas.ts'
import { parser } from './lab-proof.ts'

function entry(name: string, type: string, text: string, owner = 'app'): string {
  return `--\n-- Name: ${name}; Type: ${type}; Schema: public; Owner: ${owner}\n--\n\n${text}\n\n`
}
const grammar = await parser()
const table = entry('t', 'TABLE', 'CREATE TABLE public.t (id integer);')
const check = (expression: string) =>
  entry('t c', 'CHECK CONSTRAINT', `ALTER TABLE public.t ADD CONSTRAINT c CHECK (${expression});`)
const asWritten = `((v)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))`
const asReadBack = `((v)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))`

describe('compareSchemas', () => {
  it.each([
    ['the order of entries', table + check('true'), check('true') + table],
    [
      'the key that newer minors restrict psql with',
      `\\restrict abc\n${table}\\unrestrict abc\n`,
      `\\restrict x\n${table}`,
    ],
    ['the versions in the first lines', `-- Dumped by pg_dump version 1\n${table}`, table],
    ['a cast that moved into its array', check(asWritten), check(asReadBack)],
    ['where the access method is set', `SET default_table_access_method = heap;\n\n${table}`, table],
    ['the order of privileges', entry('T', 'ACL', 'GRANT A;\nGRANT B;'), entry('T', 'ACL', 'GRANT B;\nGRANT A;')],
  ])('does not count %s', (_, archive, copy) => {
    expect(compareSchemas(grammar, archive, copy)).toEqual([])
  })

  it.each([
    ['another value in the array', check(asWritten), check(asReadBack.replace("'b'", "'c'"))],
    ['a cast to another type', check(asWritten), check(asReadBack.replaceAll(')::text', ')::name'))],
    ['an owner', table, table.replace('Owner: app', 'Owner: other')],
    ['an owner beside an equal tree', check(asWritten), check(asReadBack).replace('Owner: app', 'Owner: other')],
    ['the access method', table, `SET default_table_access_method = columnar;\n\n${table}`],
    ['an entry twice', table + table, table],
    ['an entry that does not parse', entry('f', 'FUNCTION', 'CREATE (;'), entry('f', 'FUNCTION', 'CREATE ( ;')],
  ])('counts %s', (_, archive, copy) => {
    expect(compareSchemas(grammar, archive, copy)).toHaveLength(1)
    expect(compareSchemas(grammar, copy, archive)).toHaveLength(1)
  })
})

describe('rolesOf', () => {
  it('finds owners, grantees, grantors, policies, default privileges and user mappings', () => {
    const text = [
      entry('t', 'TABLE', 'ALTER TABLE public.t OWNER TO "the owner";'),
      entry(
        't',
        'ACL',
        'GRANT SELECT ON TABLE public.t TO reader;\nSET SESSION AUTHORIZATION giver;\nGRANT ALL ON TABLE public.t TO PUBLIC;',
      ),
      entry('p', 'POLICY', 'CREATE POLICY p ON public.t TO one, two USING (true);'),
      entry('d', 'DEFAULT ACL', 'ALTER DEFAULT PRIVILEGES FOR ROLE maker GRANT SELECT ON TABLES TO reader;'),
      entry('m', 'USER MAPPING', 'CREATE USER MAPPING FOR mapped SERVER s;'),
      entry('e', 'EVENT TRIGGER', 'ALTER EVENT TRIGGER e OWNER TO boss;'),
    ].join('')
    const roles = rolesOf(grammar, text)
    expect(roles.map(({ name }) => name).toSorted()).toEqual(
      ['boss', 'giver', 'maker', 'mapped', 'one', 'reader', 'the owner', 'two'].toSorted(),
    )
    expect(roles.filter(({ superuser }) => superuser).map(({ name }) => name)).toEqual(['boss'])
  })
})
