import { cancellation } from '../../cancellation.ts'
import type { Janitor } from '../../janitor/janitor.ts'
import { startGroup } from '../../process-group.ts'

export interface ProgramRun {
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly janitor: Janitor
  readonly signal: AbortSignal
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
  readonly limitMs: number
}

export interface ProgramEnd {
  readonly kind: 'done' | 'failed'
  readonly stdout: string
  /** Why it failed: both streams, the last of them. */
  readonly said: string
}

/** A program of which only the end matters. */
export async function runProgram(run: ProgramRun): Promise<ProgramEnd> {
  const { program, args, env, cwd, janitor, signal, user, limitMs } = run
  if (signal.aborted) throw cancellation(signal.reason)
  const limit = AbortSignal.timeout(limitMs)
  using group = startGroup(program, args, {
    env,
    cwd,
    janitor,
    signal: AbortSignal.any([signal, limit]),
    ...(user === undefined ? {} : { user }),
  })
  let stdout = ''
  let said = ''
  group.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout = (stdout + chunk).slice(-100_000)
    said = (said + chunk).slice(-8_000)
  })
  group.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-8_000)
  })
  const code = await group.ended
  if (signal.aborted) throw cancellation(signal.reason)
  if (code === 0) return { kind: 'done', stdout, said: said.trim() }
  const late = limit.aborted ? `It was stopped after ${limitMs / 1_000} s.` : undefined
  return { kind: 'failed', stdout, said: [said.trim(), late].filter(Boolean).join('\n') }
}
