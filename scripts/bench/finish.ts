import { spawn } from 'node:child_process'

export interface Finished {
  readonly exitCode: number | null
  /** Both streams. */
  readonly output: string
  readonly wallMs: number
}

/** A program run to its end, whatever that is. */
export async function finish(run: {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}): Promise<Finished> {
  const startedAt = performance.now()
  const child = spawn(run.program, [...run.args], { cwd: run.cwd, env: run.env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { exitCode, output, wallMs: performance.now() - startedAt }
}
