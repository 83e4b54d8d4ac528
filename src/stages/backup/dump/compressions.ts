import type { ClientTools } from '../../../postgres/client-choice.ts'
import { runClient } from '../../../postgres/client-process.ts'
import type { CompressionMethod } from './shape.ts'

/**
 * What this pg_dump can compress with. From 16 on zstd and lz4 exist where they were built in, and the only one who
 * knows is the program: it refuses a method it lacks before it connects (measured with 17.11 and 18.6). So it is
 * asked with a server that is not there, and only the complaint about that server is a yes.
 */
export async function compressionsOf(client: ClientTools, signal: AbortSignal): Promise<readonly CompressionMethod[]> {
  const always: readonly CompressionMethod[] = ['gzip', 'none']
  if (client.major < 16) return always
  const asked = await Promise.all(
    (['zstd', 'lz4'] as const).map(async (method) => ((await has(client, method, signal)) ? [method] : [])),
  )
  return [...asked.flat(), ...always]
}

async function has(client: ClientTools, method: CompressionMethod, signal: AbortSignal): Promise<boolean> {
  const exit = await runClient({
    program: client.dump,
    args: ['--format=custom', `--compress=${method}`, '--no-password'],
    connection: { environment: { PGHOST: '/nonexistent/airlock', PGPORT: '5432' }, password: undefined },
    signal,
  })
  return exit.code !== 0 && exit.stderr.includes('/nonexistent/airlock')
}
