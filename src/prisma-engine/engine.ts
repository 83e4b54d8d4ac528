import { readFile } from 'node:fs/promises'
import { createDatabase } from './cli-commands.ts'
import { Datasources, type Environment } from './datasources.ts'
import { planDiff, withoutUrls } from './diff.ts'
import { type ModelOf, modelsFor } from './execution.ts'
import { EngineFailure } from './failures.ts'
import type { ServeInvocation } from './invocation.ts'
import { onlyPlanned, type Params, plannedVariable, withGentleLimits } from './planned.ts'
import { readSchemaFiles, type SchemaSource } from './schema-datasource.ts'
import { type EngineSession, openSession } from './session.ts'
import type { SessionTarget } from './shadow.ts'

export interface Surroundings {
  readonly environment: Environment
  readonly prismaVersion: string | undefined
}

/** Handed on as they are. */
const passedOn: ReadonlySet<string> = new Set([
  'applyMigrations',
  'createMigration',
  'devDiagnostic',
  'diagnoseMigrationHistory',
  'evaluateDataLoss',
  'introspectSql',
  'markMigrationApplied',
  'markMigrationRolledBack',
  'reset',
  'schemaPush',
])

/** The answer depends on types from extensions, about which the engine in WebAssembly cannot be told. */
const extensionAware: ReadonlySet<string> = new Set([
  'createMigration',
  'devDiagnostic',
  'diff',
  'evaluateDataLoss',
  'introspect',
  'schemaPush',
])

const executesMigrations: ReadonlySet<string> = new Set(['applyMigrations', 'createMigration', 'devDiagnostic'])

/** The methods of the native engine's JSON-RPC. */
export class Engine {
  readonly #schema: SchemaSource
  readonly #datasources: Datasources
  readonly #models: () => Promise<ModelOf>
  readonly #hasExtensionTypes: boolean
  readonly #plannedFile: string | undefined
  readonly #sessions = new Map<string, Promise<EngineSession>>()

  private constructor(invocation: ServeInvocation, surroundings: Surroundings, schema: SchemaSource) {
    this.#schema = schema
    this.#datasources = new Datasources(invocation.datasource, schema.urls, surroundings.environment)
    const plannedFile = surroundings.environment[plannedVariable]
    this.#models = async () => withGentleLimits(await modelsFor(surroundings.prismaVersion), plannedFile)
    this.#hasExtensionTypes = invocation.hasExtensionTypes
    this.#plannedFile = plannedFile
  }

  static async start(invocation: ServeInvocation, surroundings: Surroundings): Promise<Engine> {
    const files = invocation.datamodels.map(async (path) => [path, await readFile(path, 'utf8')] as const)
    return new Engine(invocation, surroundings, readSchemaFiles(await Promise.all(files)))
  }

  async answer(method: string, given: unknown, print: (text: string) => void): Promise<unknown> {
    if (this.#hasExtensionTypes && extensionAware.has(method)) {
      throw new EngineFailure(
        undefined,
        `The offline schema engine cannot do \`${method}\` with types from extensions.`,
      )
    }
    if (executesMigrations.has(method)) await this.#models()
    const asked = withoutUrls(typeof given === 'object' && given !== null ? (given as Params) : {})
    const params = method === 'applyMigrations' ? await onlyPlanned(asked, this.#plannedFile) : asked
    if (passedOn.has(method)) return this.#call(this.#datasources.own(), method, params)
    switch (method) {
      case 'diff':
        return this.#diff(params, print)
      case 'ensureConnectionValidity':
        await this.#session(this.#datasources.of(params.datasource))
        return {}
      case 'getDatabaseVersion':
        return this.#call(this.#datasources.own(), 'version', undefined)
      case 'createDatabase': {
        const { main } = this.#datasources.of(params.datasource)
        await createDatabase(main)
        return { databaseName: main.database }
      }
      case 'dbExecute':
        return this.#call(this.#datasources.of(params.datasourceType), 'dbExecute', params)
      case 'introspect':
        // It would give the schema back as it got it here: without the URL that Prisma 6 keeps in it.
        if (this.#schema.hadUrls) {
          throw new EngineFailure(undefined, 'The offline schema engine has no `db pull` for Prisma 6.')
        }
        return this.#call(this.#datasources.own(), 'introspect', params)
      default:
        throw new EngineFailure(undefined, `The offline schema engine has no method \`${method}\`.`)
    }
  }

  async dispose(): Promise<void> {
    const sessions = await Promise.allSettled(this.#sessions.values())
    await Promise.allSettled(
      sessions.map((session) => (session.status === 'fulfilled' ? session.value.dispose() : undefined)),
    )
  }

  async #diff(params: Params, print: (text: string) => void): Promise<unknown> {
    const plan = planDiff(params)
    const shadow = plan.needsShadow ? this.#datasources.shadow(plan.shadowUrl) : undefined
    if (plan.needsShadow && shadow === undefined) {
      throw new EngineFailure(
        undefined,
        'A comparison with a migrations directory needs a shadow database: set `datasource.shadowDatabaseUrl` in prisma.config.ts, or pass --shadow-database-url with Prisma 6.',
      )
    }
    const main = plan.database === undefined ? undefined : this.#datasources.ofDiff(plan.database)
    const result = await this.#call({ main, shadow }, 'diff', plan.params)
    const { stdout, exitCode } = result as { readonly stdout: string | undefined; readonly exitCode: number }
    if (stdout !== undefined && stdout !== '') print(stdout.replace(/\n$/, ''))
    return { exitCode, stdout: null }
  }

  async #call(target: SessionTarget, method: string, params: unknown): Promise<unknown> {
    const session = await this.#session(target)
    return session.call(method, params)
  }

  #session(target: SessionTarget): Promise<EngineSession> {
    const key = JSON.stringify(target)
    const known = this.#sessions.get(key)
    if (known !== undefined) return known
    const opening = openSession(target, this.#schema.files, this.#models)
    this.#sessions.set(key, opening)
    // The next request tries again: the CLI may have created the database in between.
    opening.catch(() => this.#sessions.delete(key))
    return opening
  }
}
