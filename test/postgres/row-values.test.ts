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
])('%s is told by column, without the values of the row', async (_what, sql, kept) => {
  const said = await query(url, sql).then(
    () => 'nothing',
    (error: Error & { detail?: string }) => `${error.message}\nDETAIL: ${error.detail ?? ''}`,
  )
  const clean = withoutRowValues(said)
  expect(clean).toContain(kept)
  for (const value of ['jane@shop.test', '123456789', 'secretage', '4711']) expect(clean).not.toContain(value)
})
