import { describe, expect, test } from 'vitest'
import { findPgbench, initialise, whilePgbench } from '../../lab/pgbench.ts'
import { startServer } from '../../lab/server.ts'
import { tempFolder } from '../../lab/temp.ts'
import { backUp } from './lab-backup.ts'

const pgbench = findPgbench()

describe.skipIf(pgbench === undefined)('while pgbench writes at full speed', () => {
  test.each([
    [14, 'custom'],
    [18, 'directory'],
  ] as const)('a backup of PostgreSQL %i in the format %s still compares equal, row for row', async (major, format) => {
    if (pgbench === undefined) throw new Error('there is no pgbench')
    await using server = await startServer(major)
    await using folder = await tempFolder()
    const url = await server.createDatabase('bench')
    initialise(pgbench, url, 3)
    const { value: backup, result } = await whilePgbench(pgbench, url, () =>
      backUp(url, folder.path, {
        tier: { tier: 'compared' },
        shape: { format, jobs: format === 'directory' ? 2 : 'auto', compression: 'auto' },
      }),
    )
    expect(backup.tier).toBe('compared')
    expect(backup.manifest.tables.find(({ name }) => name === 'pgbench_accounts')?.rows).toBe(300_000)
    // There is one row of it for each transaction that was committed before the snapshot.
    const history = backup.manifest.tables.find(({ name }) => name === 'pgbench_history')?.rows ?? 0
    expect(history).toBeGreaterThan(0)
    expect(result.transactions).toBeGreaterThan(history)
    expect(result.failed, result.said).toBe(0)
  })
})
