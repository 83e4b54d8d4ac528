import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunResult } from '../../src/result.ts'
import { labClientPath } from '../lab/clients.ts'

export const bundle = fileURLToPath(new URL('../../dist', import.meta.url))

export interface AirlockRun {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd: string
  readonly databaseUrl?: string
  readonly env?: Readonly<Record<string, string>>
  readonly node?: string
  readonly bundle?: string
  readonly program?: 'airlock.mjs' | 'action.mjs'
  readonly onStart?: (pid: number) => void
}

/** The committed program as a user starts it: its own process, the bundle, nothing of this process's environment but PATH. */
export async function airlock(args: readonly string[], options: RunOptions): Promise<AirlockRun> {
  const program = join(options.bundle ?? bundle, options.program ?? 'airlock.mjs')
  const child = spawn(options.node ?? process.execPath, [program, ...args], {
    cwd: options.cwd,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: options.cwd,
      CI: 'true',
      AIRLOCK_PG_BIN: await labClientPath(),
      ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (child.pid !== undefined) options.onStart?.(child.pid)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { exitCode, stdout, stderr }
}

export interface JsonRun extends AirlockRun {
  readonly result: RunResult
}

/** With `--format json`: stdout must be one JSON document and nothing else. */
export async function airlockJson(args: readonly string[], options: RunOptions): Promise<JsonRun> {
  const run = await airlock([...args, '--format', 'json'], options)
  try {
    return { ...run, result: JSON.parse(run.stdout) as RunResult }
  } catch (error) {
    throw new Error(`stdout is not one JSON document\nstdout: ${run.stdout}\nstderr: ${run.stderr}`, { cause: error })
  }
}
