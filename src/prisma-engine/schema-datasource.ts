import { EngineFailure } from './failures.ts'
import type { DatasourceUrls } from './invocation.ts'
import type { SchemaFile } from './wasm.ts'

type UrlName = keyof DatasourceUrls

export interface SchemaSource {
  /** The files without the connection URLs, which a schema of Prisma 7 must not have. Lines keep their numbers. */
  readonly files: readonly SchemaFile[]
  readonly hadUrls: boolean
  readonly urls: SchemaUrls
}

export type SchemaUrls = Readonly<Record<UrlName, UrlReference | undefined>>

export type UrlReference =
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: string }

/** Prisma 6 has the URLs in the schema's datasource block; the engine in WebAssembly is that of Prisma 7. */
export function readSchemaFiles(files: readonly SchemaFile[]): SchemaSource {
  const urls: Record<UrlName, UrlReference | undefined> = {
    url: undefined,
    directUrl: undefined,
    shadowDatabaseUrl: undefined,
  }
  let hadUrls = false
  const cleaned = files.map(([path, content]): SchemaFile => {
    let inside = false
    const lines = content.split('\n').map((line) => {
      if (!inside) {
        inside = /^\s*datasource\s+\w+\s*\{/.test(line)
        return line
      }
      if (/^\s*\}/.test(line)) {
        inside = false
        return line
      }
      const [, name, value] = /^\s*(url|directUrl|shadowDatabaseUrl)\s*=\s*(.*)$/.exec(line) ?? []
      if (name === undefined || value === undefined) return line
      urls[name as UrlName] = readReference(name, value)
      hadUrls = true
      return ''
    })
    return [path, lines.join('\n')]
  })
  return { files: cleaned, hadUrls, urls }
}

function readReference(field: string, text: string): UrlReference {
  const [, name] = /^env\(\s*"([^"]+)"\s*\)/.exec(text) ?? []
  if (name !== undefined) return { kind: 'environment', name }
  const [, literal] = /^("(?:[^"\\]|\\.)*")/.exec(text) ?? []
  if (literal !== undefined) return { kind: 'literal', value: String(JSON.parse(literal)) }
  throw new EngineFailure('P1012', `The datasource's \`${field}\` is neither \`env("NAME")\` nor a string.`)
}

/** Only what is used has to be there: a missing shadow database matters to those who need one. */
export function resolveUrl(
  reference: UrlReference | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (reference === undefined) return undefined
  return reference.kind === 'literal' ? reference.value : environment[reference.name]
}

export function requireUrl(reference: UrlReference, environment: Readonly<Record<string, string | undefined>>): string {
  const url = resolveUrl(reference, environment)
  if (url !== undefined && url !== '') return url
  const name = reference.kind === 'environment' ? reference.name : 'url'
  throw new EngineFailure('P1012', `Environment variable not found: ${name}.`)
}
