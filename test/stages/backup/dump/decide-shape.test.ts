import { describe, expect, it } from 'vitest'
import {
  decideShape,
  describeShape,
  dumpArguments,
  type ShapeFacts,
} from '../../../../src/stages/backup/dump/decide-shape.ts'
import { compressionArgument, parseCompression, type WantedShape } from '../../../../src/stages/backup/dump/shape.ts'

const auto: WantedShape = { format: 'auto', jobs: 'auto', compression: 'auto' }
const modern: ShapeFacts['client'] = { major: 17, compressions: ['zstd', 'lz4', 'gzip', 'none'] }
const large: ShapeFacts = { tableBytes: 1_000_000_000, tables: 30, cpus: 2, travels: false, client: modern }

function shape(facts: Partial<ShapeFacts>, wanted: Partial<WantedShape> = {}): string {
  const decided = decideShape({ ...large, ...facts }, { ...auto, ...wanted })
  return decided.kind === 'shape' ? describeShape(decided.shape) : decided.failure.why
}

describe('decideShape', () => {
  it.each<[string, Partial<ShapeFacts>, Partial<WantedShape>, string]>([
    ['a large database', {}, {}, 'directory, 2 jobs, lz4'],
    ['on many processors', { cpus: 64 }, {}, 'directory, 4 jobs, lz4'],
    ['on one processor, beside a server', { cpus: 1 }, {}, 'directory, 2 jobs, lz4'],
    ['of a single table', { tables: 1 }, {}, 'custom, one job, lz4'],
    ['a small database', { tableBytes: 1_000_000 }, {}, 'custom, one job, lz4'],
    ['of an unknown size', { tableBytes: Number.NaN }, {}, 'custom, one job, lz4'],
    ['an old pg_dump', { client: { major: 15, compressions: ['gzip', 'none'] } }, {}, 'directory, 2 jobs, gzip:1'],
    [
      'one built without zstd',
      { client: { major: 16, compressions: ['lz4', 'gzip', 'none'] } },
      {},
      'directory, 2 jobs, lz4',
    ],
    ['one file wanted', {}, { format: 'custom' }, 'custom, one job, lz4'],
    ['a folder wanted', { tableBytes: 1 }, { format: 'directory' }, 'directory, one job, lz4'],
    ['jobs wanted', { tableBytes: 1 }, { jobs: 8 }, 'directory, 8 jobs, lz4'],
    ['one job wanted', {}, { jobs: 1 }, 'custom, one job, lz4'],
    ['one that is encrypted or sent', { travels: true }, {}, 'directory, 2 jobs, zstd:1'],
    [
      'built with zstd only',
      { client: { major: 16, compressions: ['zstd', 'gzip', 'none'] } },
      {},
      'directory, 2 jobs, zstd:1',
    ],
    ['a compression wanted', {}, { compression: { method: 'gzip', level: 9 } }, 'directory, 2 jobs, gzip:9'],
  ])('%s', (_, facts, wanted, expected) => expect(shape(facts, wanted)).toBe(expected))

  it('refuses what cannot be, and says what can', () => {
    const refused = decideShape(large, { ...auto, format: 'custom', jobs: 4 })
    expect(refused).toMatchObject({ kind: 'impossible', failure: { code: 'BACKUP.SHAPE_IMPOSSIBLE' } })
    expect(shape({}, { format: 'custom', jobs: 4 })).toContain('`custom` is one file')
    const zstd: Partial<WantedShape> = { compression: { method: 'zstd', level: 3 } }
    expect(shape({ client: { major: 15, compressions: ['gzip', 'none'] } }, zstd)).toBe(
      'This pg_dump 15 has no zstd; it has gzip, none.',
    )
  })
})

describe('dumpArguments', () => {
  const command = {
    clientMajor: 17,
    snapshot: '00000003-0000001B-1',
    lockTimeoutMs: 2_000,
    folder: '/b/x.dump.partial',
  }

  it('never asks for a password, waits for no lock for ever, and reads the given snapshot', () => {
    const custom = { format: 'custom', jobs: 1, compression: { method: 'zstd', level: 1 } } as const
    expect(dumpArguments({ ...command, shape: custom })).toEqual([
      '--format=custom',
      '--compress=zstd:1',
      '--verbose',
      '--no-password',
      '--snapshot=00000003-0000001B-1',
      '--lock-wait-timeout=2000',
    ])
  })

  it('names the folder and the jobs of the format that has them', () => {
    const directory = { format: 'directory', jobs: 3, compression: { method: 'none', level: null } } as const
    expect(dumpArguments({ ...command, shape: directory }).slice(0, 4)).toEqual([
      '--format=directory',
      '--jobs=3',
      '--file=/b/x.dump.partial',
      '--compress=none',
    ])
  })
})

describe('the compression', () => {
  it.each([
    ['auto', 'auto'],
    ['zstd', { method: 'zstd', level: null }],
    ['zstd:19', { method: 'zstd', level: 19 }],
    ['none', { method: 'none', level: null }],
  ])('%s is read', (text, compression) => expect(parseCompression(text)).toEqual({ kind: 'ok', compression }))

  it.each(['', 'brotli', 'zstd:', 'zstd:23', 'gzip:0', 'gzip:10', 'none:1', 'zstd:1:2', 'lz4:x', 'zstd:-1'])(
    '%j is refused',
    (text) => expect(parseCompression(text).kind).toBe('invalid'),
  )

  it('is a level for a pg_dump that knows no names', () => {
    expect(compressionArgument({ method: 'gzip', level: 1 }, 15)).toBe('--compress=1')
    expect(compressionArgument({ method: 'gzip', level: null }, 14)).toBe('--compress=6')
    expect(compressionArgument({ method: 'none', level: null }, 15)).toBe('--compress=0')
    expect(compressionArgument({ method: 'gzip', level: 1 }, 16)).toBe('--compress=gzip:1')
  })
})
