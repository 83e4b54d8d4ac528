import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The real pgbench, of any version: it speaks to every server. Undefined where no PostgreSQL server is installed. */
export function findPgbench(): string | undefined {
  const installed = '/usr/lib/postgresql'
  const folders = [
    ...(existsSync(installed) ? readdirSync(installed).map((major) => join(installed, major, 'bin')) : []),
    ...(process.env.PATH ?? '').split(delimiter),
  ]
  return folders.map((folder) => join(folder, 'pgbench')).find((path) => existsSync(path))
}

export interface PgbenchResult {
  readonly transactions: number
  readonly failed: number
  readonly said: string
}

export function initialise(program: string, url: string, scale: number): void {
  const { status, stderr } = spawnSync(program, ['--initialize', `--scale=${scale}`, '--quiet'], {
    env: environment(url),
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`pgbench --initialize: ${stderr}`)
}

/** Writes at full speed until the work is done; pgbench itself says how many of its transactions failed. */
export async function whilePgbench<Value>(
  program: string,
  url: string,
  work: () => Promise<Value>,
): Promise<{ readonly value: Value; readonly result: PgbenchResult }> {
  const seconds = 120
  const args = ['--client=4', '--jobs=2', '--protocol=prepared', '--no-vacuum', `--time=${seconds}`, '--progress=1']
  const child = spawn(program, args, { env: environment(url), stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const begun = new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      said += chunk.toString()
      if (/^progress: /m.test(said)) resolve()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('exit', () => reject(new Error(`pgbench ended: ${said}`)))
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  try {
    await begun
    const value = await work()
    if (child.exitCode !== null) throw new Error(`pgbench ended before the work did: ${said}`)
    return { value, result: read(said) }
  } finally {
    // It gives no summary when it is ended; what it did up to then stands in its lines of progress.
    child.kill('SIGTERM')
    await ended
  }
}

function read(said: string): PgbenchResult {
  const perSecond = [...said.matchAll(/^progress: [\d.]+ s, ([\d.]+) tps/gm)].map(([, tps]) => Number(tps))
  const failures = [...said.matchAll(/, (\d+) failed/g)].map(([, count]) => Number(count))
  return {
    transactions: Math.round(perSecond.reduce((sum, tps) => sum + tps, 0)),
    failed: failures.reduce((sum, count) => sum + count, 0),
    said,
  }
}

function environment(url: string): NodeJS.ProcessEnv {
  const { port, username, password, pathname } = new URL(url)
  return {
    PATH: process.env.PATH,
    LC_ALL: 'C',
    PGHOST: '127.0.0.1',
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
  }
}
