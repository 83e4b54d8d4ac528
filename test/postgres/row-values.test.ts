import { afterAll, beforeAll, expect, test } from 'vitest'
import { withoutRowValues } from '../../src/postgres/row-values.ts'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'

let server: LabServer
let url: string

beforeAll(async () => {
  server = await startServer(17)
  url = await server.createDatabase()
  await query(
    url,
    `CREATE TABLE person (id int PRIMARY KEY, email text, age text);
     INSERT INTO person VALUES (4711, 'jane@shop.test', 'secretage'), (4712, 'jane@shop.test', NULL);
     CREATE TABLE note (text text); INSERT INTO note VALUES (E'Dear\\nJane jane@shop.test'), (E'Dear\\nJane jane@shop.test');
     CREATE TABLE visit (person_id int); INSERT INTO visit VALUES (123456789);`,
  )
})
afterAll(() => server[Symbol.asyncDispose]())

test.each([
  ['a duplicate', 'CREATE UNIQUE INDEX u ON person (lower(email))', 'Key (lower(email))=(…)'],
  ['two columns', 'CREATE UNIQUE INDEX u ON person (email, (1))', '=(…)'],
  [
    'an orphan',
    'ALTER TABLE visit ADD FOREIGN KEY (person_id) REFERENCES person',
    'Key (person_id)=(…) is not present',
  ],
  [
    'a row that is still referenced',
    'INSERT INTO person VALUES (123456789); ALTER TABLE visit ADD FOREIGN KEY (person_id) REFERENCES person NOT VALID; DELETE FROM person WHERE id = 123456789',
    '=(…)',
  ],
  ['a row that a constraint refuses', "INSERT INTO person VALUES (NULL, 'jane@shop.test')", 'Failing row contains (…)'],
  [
    'a value that does not cast',
    'ALTER TABLE person ALTER COLUMN age TYPE int USING age::int',
    'invalid input syntax for type integer: "…"',
  ],
  [
    'a number that is too large',
    'SELECT (id || repeat(email, 0) || $$1234567$$)::int FROM person',
    'value "…" is out of range for type integer',
  ],
  ['a moment that does not exist', 'SELECT ($$2024-13-$$ || id)::date FROM person', 'out of range: "…"'],
  ['what is no array', 'SELECT email::text[] FROM person', 'malformed array literal: "…"'],
  ['what is no range', 'SELECT email::int4range FROM person', 'malformed range literal: "…"'],
  ['what is no JSON', 'SELECT age::json FROM person WHERE age IS NOT NULL', 'JSON data, line 1: …'],
  ['what is no type', 'SELECT email::regtype FROM person', 'invalid type name "…"'],
  ['what is no time zone', 'SELECT now() AT TIME ZONE email FROM person', 'time zone "…" not recognized'],
  ['a duplicate of two lines', 'CREATE UNIQUE INDEX n ON note (text)', 'Key (text)=(…) is duplicated.'],
  [
    'a row of two lines',
    'ALTER TABLE note ADD COLUMN id int; INSERT INTO note VALUES ($$Dear\nJane jane@shop.test$$, 1); ALTER TABLE note ALTER COLUMN id SET NOT NULL; INSERT INTO note SELECT text FROM note',
    'contains null values',
  ],
  [
    'two lines that do not cast',
    'ALTER TABLE note ALTER COLUMN text TYPE int USING text::int',
    'invalid input syntax for type integer: "…"',
  ],
  ['two lines that are no array', 'SELECT text::text[] FROM note', 'malformed array literal: "…"'],
  ['two lines that are no time zone', 'SELECT now() AT TIME ZONE text FROM note', 'time zone "…" not recognized'],
  [
    'a row of two lines that a constraint refuses',
    'CREATE TABLE strict (text text CHECK (text IS NULL)); INSERT INTO strict SELECT text FROM note',
    'Failing row contains (…)',
  ],
  ['an exclusion', 'ALTER TABLE person ADD EXCLUDE USING btree (email WITH =)', 'conflicts with key (email)=(…)'],
  [
    'a row without a partition',
    'CREATE TABLE parts (email text) PARTITION BY LIST (email); INSERT INTO parts SELECT email FROM person',
    'failing row contains (email) = (…)',
  ],
])('%s is told by column, without the values of the row', async (_what, sql, kept) => {
  const said = await query(url, sql).then(
    () => 'nothing',
    (error: Error & { detail?: string; where?: string }) =>
      `${error.message}\nDETAIL: ${error.detail ?? ''}\nCONTEXT: ${error.where ?? ''}`,
  )
  const clean = withoutRowValues(said)
  expect(clean).toContain(kept)
  for (const value of ['jane@shop.test', '123456789', 'secretage', '4711']) expect(clean).not.toContain(value)
})
