import { expect, test } from 'vitest'
import { leadsToProduction, onlyTheCopy } from '../../../../src/stages/rehearse/data/decide-seed-environment.ts'

const copy = 'postgresql://a:b@localhost:1/copy'

test.each([
  'postgres://u:p@h/d',
  ' "postgresql://u:p@h/d"',
  'postgresql+asyncpg://u:p@h/d',
  'jdbc:postgresql://h/d?user=u',
  'prisma://accelerate.prisma-data.net/?api_key=x',
  'prisma+postgres://accelerate.prisma-data.net/?api_key=x',
])('a URL of a database becomes the URL of the copy: %s', (value) => {
  expect(onlyTheCopy({ REPORTING: value, PGHOST: 'h' }, copy)).toEqual({ REPORTING: copy })
})

test.each(['https://postgres.test/', 'prisma:engine', '/usr/lib/postgresql/17/bin', 'postgres'])(
  'what only mentions one stays: %s',
  (value) => {
    expect(onlyTheCopy({ OTHER: value }, copy)).toEqual({ OTHER: value })
  },
)

const production = { host: 'db.shop.test', port: 5432, user: 'shop', secrets: ['S3cretary/', 'S3cretary%2F'] }
const local = { ...production, host: '127.0.0.1', secrets: ['shop'] }

test.each<[string, string, typeof production]>([
  ['its host alone', 'db.shop.test', production],
  ['its host in other spelling', ' DB.Shop.Test ', production],
  ['its host in a text', '{"host":"db.shop.test","port":5432}', production],
  ['its password', 'S3cretary/', production],
  ['its password in a text, encoded', 'mysql://x:S3cretary%2F@pooler.test/', production],
  ['this machine alone', '127.0.0.1', local],
  ['this machine with the port', 'tcp://127.0.0.1:5432/shop', local],
  ['this machine with the user', 'shop@127.0.0.1', local],
  ['a short password alone', 'shop', local],
])('a variable leads to production with %s', (_what, value, words) => {
  expect(leadsToProduction({ HOME: '/root', DB_HOST: value }, copy, words)).toBe('DB_HOST')
})

test.each<[string, string, typeof production]>([
  ['another host whose name ends alike', 'replica-db.shop.test', production],
  ['another host whose name begins alike', 'db.shop.test.example', production],
  ['another port of this machine', 'http://127.0.0.1:8080', local],
  ['a short password within a word', '/home/shop/work', local],
  ['the URL of the copy', copy, { ...production, host: 'localhost' }],
])('a variable does not lead there with %s', (_what, value, words) => {
  expect(leadsToProduction({ OTHER: value, NO_PROXY: 'db.shop.test' }, copy, words)).toBe(undefined)
})

test('where production is not known, no variable is taken for it', () => {
  expect(leadsToProduction({ OTHER: 'db.shop.test' }, copy, undefined)).toBe(undefined)
})
