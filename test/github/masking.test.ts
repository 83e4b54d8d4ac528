import { describe, expect, test } from 'vitest'
import { maskSecrets } from '../../src/github/masking.ts'
import { Redactor } from '../../src/redact.ts'
import { spellingsOf } from '../../src/spellings.ts'

function withoutSecrets(text: string, secrets: readonly string[]): string {
  const redactor = new Redactor()
  redactor.add(secrets)
  return redactor.text(text)
}

describe('masking a connection URL', () => {
  test('covers the URL, the password as it stands and the password decoded', () => {
    const url = 'postgresql://deploy:p%40ss%2Fw%C3%B6rd%25@db.example.com:5432/shop?schema=public'
    expect(spellingsOf([url])).toEqual(expect.arrayContaining([url, 'p%40ss%2Fw%C3%B6rd%25', 'p@ss/wörd%']))
  })

  test('covers the encoded spelling of a password that was given without encoding', () => {
    expect(spellingsOf(['postgres://u:pä ss word@h/d'])).toEqual(
      expect.arrayContaining(['pä ss word', 'p%C3%A4%20ss%20word']),
    )
  })

  test.each(['p@ss@word', 'pass/word', 'pass?word', 'pass#word', 'pass:word', '50%off', '%zz%41bc'])(
    'covers the unescaped password %s of a URL that no parser would take',
    (password) => {
      const clean = withoutSecrets(`FATAL: password "${password}" rejected`, [`postgresql://u:${password}@h:5432/d`])
      expect(clean).toBe('FATAL: password "***" rejected')
    },
  )

  test('covers passwords in the query', () => {
    const url = 'postgresql://u@h/d?sslmode=require&password=s3cret%21&sslpassword=keypass#x'
    expect(withoutSecrets('s3cret%21 s3cret! keypass require', [url])).toBe('*** *** *** require')
  })

  test('covers every line of a secret of several lines', () => {
    expect(spellingsOf(['-----BEGIN KEY-----\r\n  bGluZQ==\n'])).toEqual(
      expect.arrayContaining(['-----BEGIN KEY-----', 'bGluZQ==']),
    )
  })

  test('covers the path of a webhook', () => {
    const url = 'https://hooks.slack.com/services/T0001/B0002/abcdefghij'
    expect(withoutSecrets('POST /services/T0001/B0002/abcdefghij and abcdefghij', [url])).toBe('POST /*** and ***')
  })

  test('leaves parts alone that would blank out the whole log', () => {
    const url = 'postgresql://u:1@h/d'
    expect(spellingsOf([url])).toEqual([url])
  })

  test('leaves host, user and database readable', () => {
    expect(withoutSecrets('deploy db.example.com shop', ['postgresql://deploy:hunter22@db.example.com/shop'])).toBe(
      'deploy db.example.com shop',
    )
  })

  test('masks nothing where nothing was given', () => {
    expect(spellingsOf(['', '  ', '\n'])).toEqual([])
  })

  test('tells longer values first, so that no shorter one breaks them up', () => {
    const told: string[] = []
    maskSecrets(['postgresql://u:secret@h/d'], (value) => told.push(value))
    expect(told).toEqual(['postgresql://u:secret@h/d', 'secret'])
  })
})
