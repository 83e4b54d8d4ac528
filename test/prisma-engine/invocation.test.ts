import { describe, expect, it } from 'vitest'
import { readInvocation } from '../../src/prisma-engine/invocation.ts'

const url = 'postgresql://user:secret@db.example/shop'

describe('readInvocation', () => {
  it('serves with the datasource and the schema files of CLI 7', () => {
    const datasource = JSON.stringify({ url, shadowDatabaseUrl: `${url}_shadow` })
    expect(
      readInvocation(['--datamodels', 'a.prisma', '--datamodels', 'b.prisma', '--datasource', datasource]),
    ).toEqual({
      kind: 'serve',
      datasource: { url, directUrl: undefined, shadowDatabaseUrl: `${url}_shadow` },
      datamodels: ['a.prisma', 'b.prisma'],
      hasExtensionTypes: false,
    })
  })

  it('serves without a datasource, as CLI 6 starts it', () => {
    expect(readInvocation(['--datamodels', 'schema.prisma', '--enabled-preview-features', 'views'])).toMatchObject({
      kind: 'serve',
      datasource: { url: undefined },
      datamodels: ['schema.prisma'],
    })
  })

  it('notices types from extensions', () => {
    const types = (list: readonly object[]) => ['--extension-types', JSON.stringify({ types: list })]
    expect(readInvocation(types([]))).toMatchObject({ hasExtensionTypes: false })
    expect(readInvocation(types([{ prisma_name: 'Vector' }]))).toMatchObject({ hasExtensionTypes: true })
  })

  it('reads the commands of both CLIs', () => {
    const expected = { kind: 'command', command: 'can-connect-to-database', url }
    expect(readInvocation(['cli', '--datasource', url, 'can-connect-to-database'])).toEqual(expected)
    expect(readInvocation(['--datasource', JSON.stringify({ url }), 'cli', 'can-connect-to-database'])).toEqual(
      expected,
    )
    expect(readInvocation([`--datasource=${url}`, 'cli', 'create-database'])).toMatchObject({
      command: 'create-database',
    })
  })

  it('reads the question for its version', () => {
    expect(readInvocation(['--version'])).toEqual({ kind: 'version' })
  })

  it.each([
    ['a command that would drop a database', ['cli', '--datasource', url, 'drop-database']],
    ['an argument it does not know', ['--force']],
    ['an argument without its value', ['--datamodels']],
    ['a command without a URL', ['cli', 'create-database']],
    ['a datasource that is broken JSON', ['--datasource', `{"url":"${url}"`]],
  ])('refuses %s without printing the URL', (_, args) => {
    expect(() => readInvocation(args)).toThrow(expect.objectContaining({ name: 'EngineFailure' }))
    expect(() => readInvocation(args)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    )
  })
})
