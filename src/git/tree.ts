import { relative, sep } from 'node:path/posix'
import { fail } from '../errors.ts'
import { type GitOptions, runGit } from './run-git.ts'

/** Files as they are at a commit, read without touching the work tree. */

declare const commitId: unique symbol
export type CommitId = string & { readonly [commitId]: true }

/** A ref comes from an input: it must not be an option, a path or a range. */
export function refuseStrangeRef(ref: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in it
  if (!/^-|\.\.|[\s:?*[\\\u0000-\u001f\u007f]/.test(ref) && ref !== '') return
  throw fail('USAGE.INVALID', {
    what: `\`${ref}\` is no git ref.`,
    why: 'A ref does not begin with `-` and has no blank, no colon and no `..` in it.',
    next: ['Give a branch, a tag or a commit: --base origin/main'],
  })
}

export async function commitOf(ref: string, options: GitOptions): Promise<CommitId | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]
  const { code, stdout, stderr } = await runGit(args, options)
  if (code === 0) return stdout.toString('utf8').trim() as CommitId
  if (stderr.trim() !== '') throw notARepository(stderr)
  return undefined
}

export interface TreeFile {
  /** From the root of the repository, with `/`. */
  readonly path: string
  readonly blob: string
}

/** Every file at or below a path; empty where nothing is there at that commit. `path` is relative to `cwd`. */
export async function filesAt(commit: CommitId, path: string, options: GitOptions): Promise<readonly TreeFile[]> {
  const { stdout } = await mustRun(['rev-parse', '--show-prefix'], options)
  const fromRoot = relative('/', `/${stdout.toString('utf8').replace(/\n$/, '')}${path}`)
  if (fromRoot === '' || fromRoot.startsWith('..')) return []
  const listing = await mustRun(['ls-tree', '-r', '-z', '--full-tree', commit, '--', fromRoot], options)
  return listing.stdout
    .toString('utf8')
    .split('\0')
    .flatMap((entry) => {
      const [, type, blob, name] = /^\d+ (\w+) ([0-9a-f]+)\t([\s\S]+)$/.exec(entry) ?? []
      return type === 'blob' && blob !== undefined && name !== undefined ? [{ path: name, blob }] : []
    })
}

export async function contentOf({ blob }: TreeFile, options: GitOptions): Promise<Buffer> {
  return (await mustRun(['cat-file', 'blob', blob], options)).stdout
}

async function mustRun(args: readonly string[], options: GitOptions) {
  const answer = await runGit(args, options)
  if (answer.code !== 0) throw notARepository(answer.stderr)
  return answer
}

function notARepository(stderr: string) {
  return fail('GIT.NOT_AVAILABLE', {
    what: 'Git cannot read the repository of this project.',
    why: stderr.trim(),
    next: [
      'Check out the repository with its .git folder (actions/checkout does), and run as the user that owns it.',
      'Or leave out the ref of the running release: what it still uses is then not checked.',
    ],
  })
}

/** Paths of this machine as git writes them. */
export function asGitPath(path: string, separator: string): string {
  return separator === sep ? path : path.split(separator).join(sep)
}
