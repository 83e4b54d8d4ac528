import type { Failure } from '../../errors.ts'
import { parseDatabaseUrl } from '../url.ts'
import { problem } from './say.ts'

export interface EnvFileProblem {
  readonly path: string
  readonly line: number
  readonly variable: string
  readonly failure: Failure
}

const databaseSegment = /^(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|DIRECT|SHADOW)$/
const urlSegment = /^(?:URL|URI|DSN)$/
/** Said by its own name to go past a pooler. */
const directSegment = /^(?:DIRECT|UNPOOLED|SHADOW)$/
const pooledSegment = /^(?:POOLED|POOL|POOLER|PRISMA)$/

/** The names that hold connection URLs: `DATABASE_URL`, `DIRECT_URL`, `POSTGRES_URL_NON_POOLING`, `DATABASE_REPLICA_URL`, … */
export function isUrlVariable(name: string, value: string): boolean {
  if (/^(?:postgres(?:ql)?|prisma(?:\+postgres)?):\/\//i.test(value.trim())) return !/ACCELERATE/.test(name)
  const segments = name.toUpperCase().split('_')
  return segments.some((one) => urlSegment.test(one)) && segments.some((one) => databaseSegment.test(one))
}

function isDirect(name: string): boolean {
  const upper = name.toUpperCase()
  return upper.includes('NON_POOLING') || upper.split('_').some((segment) => directSegment.test(segment))
}

/** A pooled URL is right for the application as long as another variable leads past the pooler. */
function mayBePooled(name: string, names: readonly string[]): boolean {
  if (isDirect(name)) return false
  return (
    name
      .toUpperCase()
      .split('_')
      .some((segment) => pooledSegment.test(segment)) || names.some(isDirect)
  )
}

/** `variables` are what an env file reader makes of `text`; the text itself says where they stand and what got lost. */
export function checkUrlVariables(
  variables: ReadonlyMap<string, string>,
  text: string,
  path: string,
): readonly EnvFileProblem[] {
  const urls = [...variables].filter(([name, value]) => isUrlVariable(name, value))
  const names = urls.filter(([, value]) => value.trim() !== '').map(([name]) => name)
  const problems = urls.flatMap(([name, value]) => {
    const { line, written } = placeOf(name, text)
    const failure = cutOff(name, written) ?? failureOf(name, value, names)
    return failure === undefined ? [] : [{ path, line, variable: name, failure }]
  })
  return problems.sort((a, b) => a.line - b.line)
}

function failureOf(name: string, value: string, names: readonly string[]): Failure | undefined {
  const parsed = parseDatabaseUrl(value, name, { pooled: mayBePooled(name, names) ? 'allow' : 'refuse' })
  return parsed.kind === 'invalid' ? parsed.failure : undefined
}

function placeOf(name: string, text: string): { readonly line: number; readonly written: string } {
  const lines = text.split(/\r?\n/)
  const assignment = new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=(.*)$`)
  // The last assignment is the one that counts.
  const index = lines.findLastIndex((line) => assignment.test(line))
  return { line: index + 1, written: assignment.exec(lines[index] ?? '')?.[1]?.trim() ?? '' }
}

/** Outside quotes an env file ends at `#`, so a URL whose password contains one arrives without its second half. */
function cutOff(name: string, written: string): Failure | undefined {
  if (/^["'`]/.test(written) || !/^\S*#\S*@/.test(written)) return undefined
  return problem(
    'URL.UNESCAPED',
    `The value of \`${name}\` is cut off at a \`#\`.`,
    'In an env file a `#` outside quotes begins a comment, and in a URL it has to be percent-encoded anyway.',
    ['Write the `#` of the password as `%23`.'],
  ).failure
}
