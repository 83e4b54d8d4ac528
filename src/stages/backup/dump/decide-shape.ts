import type { Failure } from '../../../errors.ts'
import {
  type Compression,
  type CompressionMethod,
  compressionArgument,
  type DumpShape,
  type WantedShape,
  writeCompression,
} from './shape.ts'

export interface ShapeFacts {
  /** As far as the catalog knows. */
  readonly tableBytes: number
  readonly tables: number
  readonly cpus: number
  /** Encrypted or sent somewhere afterwards, which takes its time by the size of the dump. */
  readonly travels: boolean
  readonly client: { readonly major: number; readonly compressions: readonly CompressionMethod[] }
}

export type ShapeDecision =
  | { readonly kind: 'shape'; readonly shape: DumpShape }
  | { readonly kind: 'impossible'; readonly failure: Failure }

/** Below this a dump takes a second or two, and one file is easier to carry around than a folder. */
const directoryFromBytes = 64 * 1_048_576
/** Each job is a connection of its own to the server, and load on it. */
const mostJobs = 4
/** Also on one processor: most of the work is the server's, which is another machine as a rule. */
const fewestJobs = 2

/**
 * Measured with `scripts/dump-shapes.ts`, see docs/decisions/0006-the-shape-of-a-dump.md: what takes the time of a dump is
 * COPY in the server and compression in pg_dump, both of them one thread for each table. So several tables at once, and
 * the compression that costs least for the size that it gives.
 */
export function decideShape(facts: ShapeFacts, wanted: WantedShape): ShapeDecision {
  const jobsWanted = wanted.jobs === 'auto' ? undefined : wanted.jobs
  if (wanted.format === 'custom' && jobsWanted !== undefined && jobsWanted > 1) {
    return impossible(
      `The format \`custom\` is one file, which pg_dump writes with one job; ${jobsWanted} were asked for.`,
      ['Say `format: directory` for several jobs, or leave `jobs` away.'],
    )
  }
  const { compressions, major } = facts.client
  const compression = wanted.compression === 'auto' ? bestCompression(compressions, facts.travels) : wanted.compression
  if (!compressions.includes(compression.method)) {
    return impossible(
      `This pg_dump ${major} has no ${compression.method}; it has ${compressions.join(', ')}.`,
      major >= 16
        ? ['Say `compression: auto`, or install a pg_dump that was built with it.']
        : ['Say `compression: auto`, or install pg_dump 16 or newer, which reads older servers too.'],
    )
  }
  const jobs = jobsWanted ?? (wanted.format === 'custom' ? 1 : jobsFor(facts))
  // Where somebody asked for a number of jobs, it is the format that follows.
  const directory = wanted.format === 'directory' || (wanted.format === 'auto' && jobs > 1)
  return { kind: 'shape', shape: { format: directory ? 'directory' : 'custom', jobs, compression } }
}

function jobsFor({ tableBytes, tables, cpus }: ShapeFacts): number {
  if (!(tableBytes >= directoryFromBytes)) return 1
  return Math.max(1, Math.min(Math.max(cpus, fewestJobs), tables, mostJobs))
}

/**
 * lz4 takes the least time in pg_dump (measured: 0.93 of the processor time of zstd:1, at twice the size); what is encrypted
 * or sent afterwards is through earlier when it is half as large. pg_dump up to 15 only has gzip.
 */
function bestCompression(has: readonly CompressionMethod[], travels: boolean): Compression {
  const zstd = { method: 'zstd', level: 1 } as const
  if (has.includes('zstd') && (travels || !has.includes('lz4'))) return zstd
  if (has.includes('lz4')) return { method: 'lz4', level: null }
  return { method: 'gzip', level: 1 }
}

function impossible(why: string, next: readonly string[]): ShapeDecision {
  return {
    kind: 'impossible',
    failure: {
      code: 'BACKUP.SHAPE_IMPOSSIBLE',
      what: 'The dump cannot be written as airlock.yml asks for; nothing was written.',
      why,
      next,
    },
  }
}

export interface DumpCommand {
  readonly shape: DumpShape
  readonly clientMajor: number
  readonly snapshot: string
  readonly lockTimeoutMs: number
  /** Where pg_dump itself writes: only for the format `directory`. */
  readonly folder: string
}

/** Everything that identifies the server goes through the environment; these arguments are visible to every user. */
export function dumpArguments({ shape, clientMajor, snapshot, lockTimeoutMs, folder }: DumpCommand): readonly string[] {
  return [
    `--format=${shape.format}`,
    ...(shape.format === 'directory' ? [`--jobs=${shape.jobs}`, `--file=${folder}`] : []),
    compressionArgument(shape.compression, clientMajor),
    '--verbose',
    '--no-password',
    `--snapshot=${snapshot}`,
    `--lock-wait-timeout=${lockTimeoutMs}`,
  ]
}

export function describeShape({ format, jobs, compression }: DumpShape): string {
  return `${format}, ${jobs === 1 ? 'one job' : `${jobs} jobs`}, ${writeCompression(compression)}`
}
