import { EngineFailure } from './failures.ts'
import { readSchemaFiles, type SchemaUrls } from './schema-datasource.ts'
import type { SchemaFile } from './wasm.ts'

type Params = Readonly<Record<string, unknown>>

/** The database that one side of the comparison is; `own` is the project's. */
export type DiffDatabase = { readonly url: string } | { readonly urls: SchemaUrls } | 'own'

export interface DiffPlan {
  /** As the engine in WebAssembly takes them. */
  readonly params: Params
  readonly database: DiffDatabase | undefined
  readonly needsShadow: boolean
  readonly shadowUrl: string | undefined
}

/** Which databases a `diff` needs. The engine knows the one it is connected to; one reached by URL is made to be that one. */
export function planDiff(given: Params): DiffPlan {
  const sides = [readTarget(given.from, 'from'), readTarget(given.to, 'to')]
  const databases = sides.map(({ database }) => database).filter((database) => database !== undefined)
  if (databases.length > 1) {
    throw new EngineFailure(undefined, 'The offline schema engine cannot compare two databases with each other')
  }
  const [from, to] = sides.map(({ target }) => target)
  const { shadowDatabaseUrl, ...rest } = given
  return {
    params: { ...rest, from, to },
    database: databases[0],
    needsShadow: sides.some(({ target }) => target.tag === 'migrations'),
    shadowUrl: typeof shadowDatabaseUrl === 'string' && shadowDatabaseUrl !== '' ? shadowDatabaseUrl : undefined,
  }
}

interface Side {
  readonly target: Params
  readonly database: DiffDatabase | undefined
}

/** The engine traps where there is no schema file at all. */
const connectedDatabase = {
  tag: 'schemaDatasource',
  files: [{ path: 'schema.prisma', content: 'datasource db {\n  provider = "postgresql"\n}\n' }],
  configDir: '',
}

function readTarget(given: unknown, side: string): Side {
  const target = (given ?? {}) as Params
  switch (target.tag) {
    case 'empty':
    case 'schemaDatamodel':
    case 'migrations':
      return { target, database: undefined }
    case 'url':
      return { target: connectedDatabase, database: { url: String(target.url) } }
    case 'schemaDatasource': {
      const { urls, ...files } = target
      return { target: files, database: urls === undefined ? 'own' : { urls: urls as SchemaUrls } }
    }
    default:
      throw new EngineFailure(undefined, `The offline schema engine cannot compare \`${String(target.tag)}\` (${side})`)
  }
}

/**
 * Every list of schema files in a request, without the connection URLs of Prisma 6 in it. Where there were some, they
 * are put beside the list, for the one parameter that means the database behind the files.
 */
export function withoutUrls(params: Params): Params {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, withoutUrlsInside(value)]))
}

function withoutUrlsInside(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('files' in value) || !Array.isArray(value.files)) return value
  const files = (value.files as readonly { readonly path: string; readonly content: string }[]).map(
    ({ path, content }): SchemaFile => [path, content],
  )
  const source = readSchemaFiles(files)
  const cleaned = { ...value, files: source.files.map(([path, content]) => ({ path, content })) }
  return source.hadUrls && 'tag' in value && value.tag === 'schemaDatasource'
    ? { ...cleaned, urls: source.urls }
    : cleaned
}
