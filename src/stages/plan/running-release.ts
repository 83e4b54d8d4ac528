import { extname, relative, sep } from 'node:path'
import type { RunningRelease } from '../../compatibility/prisma-schema.ts'
import { readPrismaSchema } from '../../compatibility/read-schema.ts'
import type { SchemaFile, SchemaProblem } from '../../compatibility/schema-blocks.ts'
import { FailureError, fail } from '../../errors.ts'
import type { GitOptions } from '../../git/run-git.ts'
import { asGitPath, type CommitId, commitOf, contentOf, filesAt, refuseStrangeRef } from '../../git/tree.ts'

import type { Invocation } from '../../invocation.ts'

/** The release that is running, read from git: what its application expects of the database. */

export type Base =
  | {
      readonly kind: 'read'
      readonly running: RunningRelease
      readonly commit: string
      /** Names of the migrations that it has: it was built with them. */
      readonly migrations: ReadonlySet<string>
    }
  | { readonly kind: 'not-checked'; readonly because: string }

export interface BaseProject {
  /** Asked only where a ref is there to be read. */
  readonly schemaPath: () => Promise<string | undefined>
  readonly migrationsPath: string
  /** Where tables without `@@schema` are. */
  readonly schema: string
}

/** As much of the run's context as it needs. */
interface Asked {
  readonly invocation: Pick<Invocation, 'cwd' | 'env' | 'base' | 'baseBranch'>
  readonly run: { readonly signal: AbortSignal }
}

const noRef = 'nobody said which release is running (--base REF, or the input `base-ref`)'

/** A ref that was asked for must be readable; the base branch of a pull request is taken where it is there. */
export async function readBase({ invocation, run }: Asked, project: BaseProject): Promise<Base> {
  const options: GitOptions = { cwd: invocation.cwd, env: invocation.env, signal: run.signal }
  const { base, baseBranch } = invocation
  if (base !== undefined) {
    refuseStrangeRef(base)
    const commit = await commitOf(base, options)
    if (commit === undefined) throw refNotFound(base)
    return await readAt(base, commit, project, options)
  }
  if (baseBranch === undefined) return { kind: 'not-checked', because: noRef }
  try {
    const found = await baseBranchIn(baseBranch, options)
    if (found !== undefined) return await readAt(found.ref, found.commit, project, options)
  } catch (error) {
    if (!(error instanceof FailureError) || run.signal.aborted) throw error
    return { kind: 'not-checked', because: `${error.failure.what} ${error.failure.why}` }
  }
  return {
    kind: 'not-checked',
    because: `the base branch \`${baseBranch}\` is not in this clone (actions/checkout with \`fetch-depth: 0\` brings it)`,
  }
}

async function baseBranchIn(
  branch: string,
  options: GitOptions,
): Promise<{ readonly ref: string; readonly commit: CommitId } | undefined> {
  refuseStrangeRef(branch)
  for (const [ref, full] of [
    [`origin/${branch}`, `refs/remotes/origin/${branch}`],
    [branch, `refs/heads/${branch}`],
  ] as const) {
    const commit = await commitOf(full, options)
    if (commit !== undefined) return { ref, commit }
  }
  // What GitHub checks out for a pull request is its merge into the base branch, which is the first parent.
  const merge = /^refs\/pull\/\d+\/merge$/.test(options.env.GITHUB_REF ?? '')
  if (!merge || (await commitOf('HEAD^2', options)) === undefined) return undefined
  const commit = await commitOf('HEAD^1', options)
  return commit === undefined ? undefined : { ref: 'HEAD^1', commit }
}

async function readAt(ref: string, commit: CommitId, project: BaseProject, options: GitOptions): Promise<Base> {
  const toGit = (path: string) => asGitPath(relative(options.cwd, path), sep)
  const usual = ['schema.prisma', 'prisma/schema.prisma', 'prisma/schema']
  const today = await project.schemaPath()
  const candidates = [...new Set([...(today === undefined ? [] : [toGit(today)]), ...usual])]
  for (const path of candidates) {
    const files = (await filesAt(commit, path, options)).filter((file) => extname(file.path) === '.prisma')
    if (files.length === 0) continue
    const contents = await Promise.all(files.map(async (file) => ({ file, bytes: await contentOf(file, options) })))
    const read = contents.map(({ file, bytes }) => decoded(file.path, bytes))
    const schema = readPrismaSchema(
      read.flatMap((one) => (one.kind === 'text' ? [one.file] : [])),
      project.schema,
    )
    const unreadable = read.flatMap((one) => (one.kind === 'problem' ? [one.problem] : []))
    return {
      kind: 'read',
      running: { ref, schema: { ...schema, problems: [...unreadable, ...schema.problems] } },
      commit,
      migrations: await migrationsAt(commit, toGit(project.migrationsPath), options),
    }
  }
  throw fail('GIT.NO_SCHEMA', {
    what: `There is no Prisma schema at \`${ref}\`.`,
    why: `Looked for at commit ${commit.slice(0, 12)}: ${candidates.join(', ')}.`,
    next: [
      'Give the ref of the release that is running: --base REF',
      'Where that release has no Prisma schema, leave it out: what it still uses is then not checked.',
    ],
  })
}

function decoded(
  path: string,
  bytes: Buffer,
):
  | { readonly kind: 'text'; readonly file: SchemaFile }
  | { readonly kind: 'problem'; readonly problem: SchemaProblem } {
  const text = bytes.toString('utf8')
  if (Buffer.from(text, 'utf8').equals(bytes)) return { kind: 'text', file: { path, text } }
  return { kind: 'problem', problem: { file: path, line: 1, text: 'the file is not UTF-8' } }
}

async function migrationsAt(commit: CommitId, path: string, options: GitOptions): Promise<ReadonlySet<string>> {
  const files = await filesAt(commit, path, options)
  return new Set(files.flatMap((file) => /([^/]+)\/migration\.sql$/.exec(file.path)?.[1] ?? []))
}

function refNotFound(ref: string) {
  return fail('GIT.REF_NOT_FOUND', {
    what: `There is no git ref \`${ref}\` in this clone.`,
    why: 'A shallow clone has only the commit that was checked out.',
    next: [
      'In a workflow, check out with history: actions/checkout with `fetch-depth: 0`',
      `Or fetch that one: git fetch --depth=1 origin ${ref.replace(/^origin\//, '')}`,
    ],
  })
}
