/** In which shape pg_dump writes a database. Plain data: chosen in decide-shape.ts, done in write-dump.ts. */

export const dumpFormats = ['custom', 'directory'] as const
export type DumpFormat = (typeof dumpFormats)[number]

export const compressionMethods = ['zstd', 'lz4', 'gzip', 'none'] as const
export type CompressionMethod = (typeof compressionMethods)[number]

export interface Compression {
  readonly method: CompressionMethod
  /** null: the method's own default. */
  readonly level: number | null
}

export interface DumpShape {
  readonly format: DumpFormat
  /** Tables that are read at the same time; more than one only in the format `directory`. */
  readonly jobs: number
  readonly compression: Compression
}

export interface WantedShape {
  readonly format: 'auto' | DumpFormat
  readonly jobs: 'auto' | number
  readonly compression: 'auto' | Compression
}

/** Levels as pg_dump takes them (manual of pg_dump 18, --compress): zstd has negative ones that nobody asks for. */
const levels: Readonly<Record<CompressionMethod, readonly [lowest: number, highest: number] | null>> = {
  zstd: [1, 22],
  lz4: [1, 12],
  gzip: [1, 9],
  none: null,
}

export type ParsedCompression =
  | { readonly kind: 'ok'; readonly compression: 'auto' | Compression }
  | { readonly kind: 'invalid'; readonly because: string }

/** `auto`, `zstd`, `zstd:3`, `gzip:9`, `none`. */
export function parseCompression(text: string): ParsedCompression {
  if (text === 'auto') return { kind: 'ok', compression: 'auto' }
  const [name = '', level, ...more] = text.split(':')
  const method = compressionMethods.find((known) => known === name)
  if (method === undefined || more.length > 0) {
    return {
      kind: 'invalid',
      because: `\`${text}\` is none of auto, ${compressionMethods.join(', ')}, with a level as in zstd:3`,
    }
  }
  if (level === undefined) return { kind: 'ok', compression: { method, level: null } }
  const range = levels[method]
  if (range === null) return { kind: 'invalid', because: '`none` has no level' }
  if (!/^\d{1,2}$/.test(level) || Number(level) < range[0] || Number(level) > range[1]) {
    return { kind: 'invalid', because: `the level of ${method} is a number from ${range[0]} to ${range[1]}` }
  }
  return { kind: 'ok', compression: { method, level: Number(level) } }
}

export function writeCompression({ method, level }: Compression): string {
  return level === null ? method : `${method}:${level}`
}

/** pg_dump knows method names from 16 on; before there is only gzip, by its level. */
export function compressionArgument(compression: Compression, clientMajor: number): string {
  if (clientMajor >= 16) return `--compress=${writeCompression(compression)}`
  return `--compress=${compression.method === 'none' ? 0 : (compression.level ?? 6)}`
}
