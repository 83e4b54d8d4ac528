import { describe, expect, it } from 'vitest'
import { readSchemaFiles, requireUrl, resolveUrl } from '../../src/prisma-engine/schema-datasource.ts'

const schema = `// url = env("NOT_THIS")
datasource db {
  provider          = "postgresql"
  url               = env("DATABASE_URL") // the pooled one
  directUrl         = env("DIRECT_URL")
  shadowDatabaseUrl = "postgresql://shadow/\\"x\\""
}

model Link {
  id  Int    @id
  url String = "kept"
}
`

describe('readSchemaFiles', () => {
  const read = readSchemaFiles([
    ['a.prisma', schema],
    ['b.prisma', 'model B {\n  id Int @id\n}\n'],
  ])

  it('finds the URLs of the datasource', () => {
    expect(read.urls).toEqual({
      url: { kind: 'environment', name: 'DATABASE_URL' },
      directUrl: { kind: 'environment', name: 'DIRECT_URL' },
      shadowDatabaseUrl: { kind: 'literal', value: 'postgresql://shadow/"x"' },
    })
    expect(read.hadUrls).toBe(true)
  })

  it('takes them out and leaves everything else on its line', () => {
    const lines = schema.split('\n')
    expect(read.files[0]?.[1].split('\n')).toEqual(lines.map((line, index) => (index >= 3 && index <= 5 ? '' : line)))
    expect(read.files[1]?.[1]).toBe('model B {\n  id Int @id\n}\n')
  })

  it('leaves a schema of Prisma 7 as it is', () => {
    const files = [['a.prisma', 'datasource db {\n  provider = "postgresql"\n}\n']] as const
    expect(readSchemaFiles(files)).toMatchObject({ files, hadUrls: false, urls: { url: undefined } })
  })

  it('refuses a URL that is computed', () => {
    expect(() => readSchemaFiles([['a.prisma', 'datasource db {\n  url = process.env.X\n}']])).toThrow(/neither/)
  })
})

describe('resolving', () => {
  it('reads the environment and takes literals as they are', () => {
    expect(resolveUrl({ kind: 'environment', name: 'A' }, { A: 'postgresql://a' })).toBe('postgresql://a')
    expect(resolveUrl({ kind: 'literal', value: 'postgresql://b' }, {})).toBe('postgresql://b')
    expect(resolveUrl(undefined, {})).toBeUndefined()
  })

  it('names a variable that is missing or empty, with P1012', () => {
    for (const environment of [{}, { DATABASE_URL: '' }]) {
      expect(() => requireUrl({ kind: 'environment', name: 'DATABASE_URL' }, environment)).toThrow(
        expect.objectContaining({ code: 'P1012', message: expect.stringContaining('DATABASE_URL') }),
      )
    }
  })
})
