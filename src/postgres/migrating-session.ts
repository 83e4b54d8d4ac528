import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, ClientConfig } from 'pg'
import { unlessCancelled } from '../cancellation.ts'
import type { Session } from '../ports.ts'
import { explain } from './connection.ts'
import { clientConfig, type DatabaseUrl, optionsWith } from './url.ts'

/** A session in which migrations run, as Prisma's engine opens one: nothing is set in it but what is handed over here. */
export interface MigratingSession extends Session, AsyncDisposable {
  readonly client: Client
}

/** As far as anybody here looks at it (manual, 54.8). */
export interface Notice {
  readonly severity?: string | undefined
  readonly code?: string | undefined
  readonly message?: string | undefined
  readonly routine?: string | undefined
}

const connectTimeoutMs = 10_000
const goodbyeMs = 1_000

/** `settings` are there from the start of the session, so that RESET ALL comes back to them. */
export async function openMigratingSession(
  url: DatabaseUrl,
  settings: Readonly<Record<string, string>>,
  signal: AbortSignal,
  onNotice: (notice: Notice) => void,
): Promise<MigratingSession> {
  const { Client } = await import('./driver.ts')
  const { application_name, ...options } = settings
  const config: ClientConfig = clientConfig(url)
  const client = new Client({
    connectionTimeoutMillis: connectTimeoutMs,
    ...config,
    keepAlive: true,
    application_name,
    options: optionsWith(config.options, { ...options, ...searchPath(url) }),
  })
  client.on('error', () => undefined)
  client.on('notice', onNotice)
  try {
    await unlessCancelled(client.connect(), signal)
  } catch (error) {
    client.connection.stream.destroy()
    throw explain(error, url)
  }
  return {
    client,
    async query<Row>(text: string, values: readonly unknown[] = []) {
      try {
        return (await unlessCancelled(client.query(text, [...values]), signal)).rows as Row[]
      } catch (error) {
        throw explain(error, url)
      }
    },
    async [Symbol.asyncDispose]() {
      // A cancelled run leaves its statement to be ended on the server, which `end()` would wait for.
      if (!signal.aborted) await Promise.race([client.end(), sleep(goodbyeMs, undefined, { ref: false })])
      client.connection.stream.destroy()
    },
  }
}

/** As Prisma’s engine: only where the URL names a schema. */
function searchPath(url: DatabaseUrl): Readonly<Record<string, string>> {
  return url.parameters.has('schema') ? { search_path: `"${url.schema.replaceAll('"', '""')}"` } : {}
}
