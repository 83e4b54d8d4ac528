import { type ConnectionSettings, readConnectionUrl } from './connection-url.ts'
import type { DiffDatabase } from './diff.ts'
import { EngineFailure } from './failures.ts'
import type { DatasourceUrls } from './invocation.ts'
import { requireUrl, resolveUrl, type SchemaUrls } from './schema-datasource.ts'
import type { SessionTarget } from './shadow.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** A target that has a database. */
export type DatabaseTarget = SessionTarget & { readonly main: ConnectionSettings }

/** Which database a request is about. */
export class Datasources {
  readonly #arguments: DatasourceUrls
  readonly #schema: SchemaUrls
  readonly #environment: Environment

  constructor(fromArguments: DatasourceUrls, fromSchema: SchemaUrls, environment: Environment) {
    this.#arguments = fromArguments
    this.#schema = fromSchema
    this.#environment = environment
  }

  /** That of the project. */
  own(): DatabaseTarget {
    return { main: this.#ownSettings(), shadow: this.shadow(undefined) }
  }

  /** Of a parameter that has a URL in it; schema files mean the project's. */
  of(parameter: unknown): DatabaseTarget {
    const url: unknown = (parameter as { readonly url?: unknown } | undefined)?.url
    return typeof url === 'string' ? { main: readConnectionUrl(url), shadow: undefined } : this.own()
  }

  ofDiff(database: DiffDatabase): ConnectionSettings {
    if (database === 'own') return this.#ownSettings()
    if ('url' in database) return readConnectionUrl(database.url)
    const reference = database.urls.directUrl ?? database.urls.url
    return reference === undefined ? this.#ownSettings() : readConnectionUrl(requireUrl(reference, this.#environment))
  }

  shadow(fromRequest: string | undefined): ConnectionSettings | undefined {
    const url =
      fromRequest ?? this.#arguments.shadowDatabaseUrl ?? resolveUrl(this.#schema.shadowDatabaseUrl, this.#environment)
    return url === undefined || url === '' ? undefined : readConnectionUrl(url)
  }

  /** With a prisma.config.ts the CLI passes the URLs as arguments, and those in the schema do not count. */
  #ownSettings(): ConnectionSettings {
    const passed = this.#arguments.directUrl ?? this.#arguments.url
    if (passed !== undefined) return readConnectionUrl(passed)
    const reference = this.#schema.directUrl ?? this.#schema.url
    if (reference !== undefined) return readConnectionUrl(requireUrl(reference, this.#environment))
    throw new EngineFailure('P1013', 'The schema engine was started without a connection URL.')
  }
}
