import { execFile } from 'node:child_process'
import { type FailureError, fail, messageOf } from '../errors.ts'

/** Git as it is on the machine: arguments as a list, no shell, nothing asked, nothing fetched, nothing written. */

export interface GitOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

export interface GitAnswer {
  readonly code: number
  readonly stdout: Buffer
  readonly stderr: string
}

const mostBytes = 64 * 1024 * 1024

const quiet = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  // A partial clone would fetch what is missing, over the network and unasked.
  GIT_NO_LAZY_FETCH: '1',
  GIT_LITERAL_PATHSPECS: '1',
  LC_ALL: 'C',
}

export async function runGit(args: readonly string[], { cwd, env, signal }: GitOptions): Promise<GitAnswer> {
  return await new Promise((resolve, reject) => {
    const options = { cwd, env: { ...env, ...quiet }, signal, maxBuffer: mostBytes, encoding: 'buffer' } as const
    execFile('git', [...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code
      if (typeof code === 'number') resolve({ code, stdout, stderr: stderr.toString('utf8') })
      else reject(signal.aborted ? error : notRun(error))
    })
  })
}

function notRun(error: unknown): FailureError {
  return fail(
    'GIT.NOT_AVAILABLE',
    {
      what: 'Git could not be run.',
      why: messageOf(error),
      next: ['Install git, or leave out the ref of the running release: what it still uses is then not checked.'],
    },
    { cause: error },
  )
}
