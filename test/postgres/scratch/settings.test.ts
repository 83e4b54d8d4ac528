import { describe, expect, it } from 'vitest'
import { extensionMissing } from '../../../src/postgres/scratch/failures.ts'
import { scratchSettings } from '../../../src/postgres/scratch/settings.ts'

const gibibyte = 1_073_741_824

describe('the settings of a scratch server', () => {
  it('share the memory among the jobs that build indexes', () => {
    const settings = scratchSettings({ memoryBytes: 16 * gibibyte, cpus: 4, sharedMemoryBytes: 8 * gibibyte })
    expect(settings).toMatchObject({ shared_buffers: '1024MB', maintenance_work_mem: '1024MB' })
    expect(settings).toMatchObject({ max_parallel_maintenance_workers: '2', fsync: 'off', listen_addresses: '' })
    expect(settings).not.toHaveProperty('dynamic_shared_memory_type')
  })

  it('stay within a small machine', () => {
    const settings = scratchSettings({ memoryBytes: gibibyte / 2, cpus: 1, sharedMemoryBytes: null })
    expect(settings).toMatchObject({ shared_buffers: '32MB', maintenance_work_mem: '128MB' })
    expect(settings).toMatchObject({ max_parallel_maintenance_workers: '0' })
  })

  it('keep shared memory out of the 64 MiB of a container', () => {
    const settings = scratchSettings({ memoryBytes: gibibyte, cpus: 2, sharedMemoryBytes: 64 * 1_048_576 })
    expect(settings).toMatchObject({ dynamic_shared_memory_type: 'mmap' })
  })
})

it('an extension that is missing is named, with the packages that may have it', () => {
  const machine = { packageManager: 'apt', isRoot: false } as const
  expect(extensionMissing('installed', 17, ['pg_cron', 'vector'], machine)).toMatchObject({
    code: 'SCRATCH.EXTENSION_MISSING',
    what: 'The database uses the extensions pg_cron, vector, which the PostgreSQL 17 on this machine does not have.',
    next: [
      expect.stringContaining('AIRLOCK_SCRATCH_URL='),
      expect.stringContaining('sudo apt-get install -y postgresql-17-pg-cron postgresql-17-vector'),
      expect.stringContaining('tier: decoded'),
    ],
  })
  expect(extensionMissing('url', 17, ['postgis'], machine).next).toHaveLength(2)
})
