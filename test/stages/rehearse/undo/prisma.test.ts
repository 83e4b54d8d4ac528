import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LabServer, startServer } from '../../../lab/server.ts'
import { type EngineProcess, filters, startEngine } from '../../../prisma-engine/engine-process.ts'
import { attempt } from './lab-undo.ts'
import { type PrismaKind, prismaKinds } from './prisma-kinds.ts'

let server: LabServer
let engine: EngineProcess
beforeAll(async () => {
  ;[server, engine] = await Promise.all([
    startServer(17, { settings: { fsync: 'off', jit: 'off', autovacuum: 'off' } }),
    startEngine([]),
  ])
})
afterAll(async () => {
  await engine?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

/** What the CLI asks its engine for `migrate diff --script`, which takes two seconds for each. */
async function diff(from: string, to: string, [before, after]: readonly [string, string] = ['', '']): Promise<string> {
  const side = (models: string, datasource: string) =>
    models === ''
      ? { tag: 'empty' }
      : {
          tag: 'schemaDatamodel',
          configDir: '/',
          files: [
            {
              path: 'schema.prisma',
              content: `datasource db {\n  provider = "postgresql"\n  ${datasource}\n}\n\n${models}`,
            },
          ],
        }
  const already = engine.printed.length
  const answer = await engine.call('diff', {
    from: side(from, before),
    to: side(to, after),
    script: true,
    shadowDatabaseUrl: null,
    exitCode: null,
    filters,
  })
  if (answer.error !== undefined) throw new Error(JSON.stringify(answer.error))
  return engine.printed.slice(already).join('\n')
}

describe('every kind of migration that Prisma writes', () => {
  test.each(prismaKinds)('$name: $expect', async (kind: PrismaKind) => {
    const before =
      kind.from === ''
        ? ';'
        : `${await diff('', kind.from, kind.datasource && [kind.datasource[0], kind.datasource[0]])}
;${kind.rows ?? ''}`
    const up = kind.up ?? (await diff(kind.from, kind.to, kind.datasource))
    const undo = await attempt(server, { before, up })
    expect(
      undo,
      `${up}\n-- undo\n${'sql' in undo ? undo.sql : ''}\n${'because' in undo ? undo.because : ''}`,
    ).toMatchObject({ kind: kind.expect })
    const lost = undo.kind === 'lossy' ? undo.loses.map(({ name, rows }) => `${name} ${rows}`) : []
    expect(lost).toEqual(kind.loses ?? [])
  })
})
