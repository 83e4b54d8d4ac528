import { expect, test } from 'vitest'
import { environmentSecrets, Redactor } from '../src/redact.ts'

test('a URL, its password as it stands and its password decoded disappear from text', () => {
  const redactor = new Redactor()
  redactor.add(['postgresql://app:p%40ss@db/shop'])
  expect(redactor.text('at postgresql://app:p%40ss@db/shop with p@ss and p%40ss')).toBe('at *** with *** and ***')
})

test('strings anywhere inside a value are cleaned, keys and numbers stay', () => {
  const redactor = new Redactor()
  redactor.add(['secret'])
  expect(redactor.value({ secret: ['a secret', { deep: 'secretsecret' }], n: 1, nothing: null })).toEqual({
    secret: ['a ***', { deep: '******' }],
    n: 1,
    nothing: null,
  })
})

test('an empty secret does not blank everything', () => {
  const redactor = new Redactor()
  redactor.add([''])
  expect(redactor.text('text')).toBe('text')
})

test('the keys of providers and stores are secrets wherever they are in the environment', () => {
  const redactor = new Redactor()
  redactor.add(
    environmentSecrets({
      NEON_API_KEY: ' napi_1 ',
      SUPABASE_ACCESS_TOKEN: 'sbp_2',
      AWS_SESSION_TOKEN: '',
      PATH: '/bin',
    }),
  )
  expect(redactor.text('napi_1 sbp_2 /bin')).toBe('*** *** /bin')
})
