import { expect, test } from 'vitest'
import { secretsIn } from '../../src/sql/secrets.ts'

test.each([
  ["CREATE ROLE app LOGIN PASSWORD 'hunter22'", ['hunter22']],
  ["ALTER USER app WITH ENCRYPTED password E'it''s'", ["it''s", "it's"]],
  ["CREATE USER MAPPING FOR app SERVER s OPTIONS (user 'app', password 'hunter22')", ['hunter22']],
  ["SELECT dblink_connect('host=h user=u password=hunter22 dbname=d')", ['hunter22']],
  ["SELECT 'postgresql://app:hunter22@db.shop.test/app'", ['postgresql://app:hunter22@db.shop.test/app']],
  ["CREATE TABLE users (password text NOT NULL DEFAULT '')", []],
  ["ALTER TABLE users RENAME COLUMN password TO password_hash; UPDATE users SET name = 'a'", []],
])('passwords written into %s', (sql, expected) => {
  expect(secretsIn(sql)).toEqual(expected)
})
