import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { schemaEngine } from '../lab/prisma-engine.ts'

export interface EngineAnswer {
  readonly id: unknown
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly data?: { readonly message: string; readonly error_code?: string } }
}

/** The engine as the CLI starts it, to talk to without a CLI in between. */
export interface EngineProcess extends AsyncDisposable {
  readonly child: ChildProcess
  /** What it told the CLI to print. */
  readonly printed: readonly string[]
  readonly stderr: () => string
  call(method: string, params?: unknown): Promise<EngineAnswer>
  /** A line as it is; the next answer is the answer to it. */
  write(line: string): Promise<EngineAnswer>
  /** The exit code once it has ended, or the signal. */
  readonly ended: Promise<number | string>
}

export async function startEngine(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = { AIRLOCK_PRISMA_VERSION: '7.10.1' },
  cwd = '/',
): Promise<EngineProcess> {
  const child = spawn(process.execPath, [await schemaEngine(), ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const waiting: ((answer: EngineAnswer) => void)[] = []
  const printed: string[] = []
  let stderr = ''
  let lastId = 0
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdin.on('error', () => undefined) // writing to an engine that has ended; its end is what the test looks at
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as EngineAnswer & {
      readonly method?: string
      readonly params?: { readonly content: string }
    }
    if (message.method === undefined) return waiting.shift()?.(message)
    printed.push(message.params?.content ?? '')
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: message.id, result: {} })}\n`)
  })
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'))
  })
  const write = (line: string) =>
    new Promise<EngineAnswer>((resolve) => {
      waiting.push(resolve)
      child.stdin.write(`${line}\n`)
    })
  return {
    child,
    printed,
    stderr: () => stderr,
    ended,
    write,
    call: (method, params) => write(JSON.stringify({ jsonrpc: '2.0', id: ++lastId, method, params })),
    [Symbol.asyncDispose]: async () => {
      child.stdin.end()
      await ended
    },
  }
}

export const datasource = (url: string, shadowDatabaseUrl?: string): readonly string[] => [
  '--datasource',
  JSON.stringify({ url, shadowDatabaseUrl }),
]

/** What the CLI asks the engine before it does anything else: a process of its own that tries to connect, and ends. */
export async function canConnect(
  url: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly exitCode: number | string; readonly said: string }> {
  const engine = await startEngine([...datasource(url), 'cli', 'can-connect-to-database'], environment)
  const exitCode = await engine.ended
  return { exitCode, said: engine.stderr() }
}

/** The migrations of a request, as the CLI sends them. */
export function migrationList(migrations: Readonly<Record<string, string>>): object {
  return {
    baseDir: '/project/prisma/migrations',
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: Object.entries(migrations).map(([path, value]) => ({
      path,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } },
    })),
  }
}

export const filters = { externalTables: [], externalEnums: [] }

export const schemaFiles = (models: string, url = ''): object => ({
  files: [{ path: 'schema.prisma', content: `datasource db {\n  provider = "postgresql"\n${url}}\n\n${models}` }],
})
