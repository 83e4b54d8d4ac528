import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fileStatements } from '../../../../src/migrations/execution-statements.ts'
import { query } from '../../../lab/query.ts'
import { type LabServer, startServer } from '../../../lab/server.ts'
import { attemptInPlace } from './lab-undo.ts'
import { prismaKinds } from './prisma-kinds/all.ts'
import type { PrismaKind } from './prisma-kinds/kind.ts'
import { recordedSql } from './prisma-kinds/recorded.ts'

let server: LabServer
beforeAll(async () => {
  server = await startServer(17, { settings: { fsync: 'off', jit: 'off', autovacuum: 'off' } })
  await query(server.superuserUrl(), 'CREATE DATABASE kinds')
})
afterAll(() => server?.[Symbol.asyncDispose]())

/** Another database for each would take most of the time. */
const emptied = `DROP SCHEMA IF EXISTS public, audit, extensions CASCADE; CREATE SCHEMA public;`

describe('every kind of migration that Prisma writes', () => {
  test.each(prismaKinds)('$name: $expect', async (kind: PrismaKind) => {
    const { before, up } = recordedSql(kind)
    const url = server.superuserUrl('kinds')
    for (const { by, sql } of up) {
      await query(url, `${emptied} ${kind.before ?? ''} ${before} ${kind.rows ?? ''}`)
      const empty = fileStatements(sql).length === 0
      expect(empty, sql).toBe(kind.expect === 'nothing')
      if (empty) continue
      const undo = await attemptInPlace(url, { up: sql })
      const shown = `${by.join(', ')}\n${sql}\n-- undo\n${'sql' in undo ? undo.sql : ''}\n${'because' in undo ? undo.because : ''}`
      expect(undo, shown).toMatchObject({ kind: kind.expect })
      const lost = undo.kind === 'lossy' ? undo.loses.map(({ name, rows }) => `${name} ${rows}`) : []
      expect(lost).toEqual(kind.loses ?? [])
      if (kind.because !== undefined) expect('because' in undo ? undo.because : '').toMatch(kind.because)
    }
  })
})
