import type { RunResult } from '../../src/result.ts'
import { pendingNames } from './files.ts'
import type { DatabaseNow, Deployed, Played } from './play.ts'

export type Verdict =
  /** It ended where an undisturbed deploy ends, and nobody had to do anything. */
  | { readonly kind: 'right' }
  /** It asks a person; what it says of each migration is true, and that may be that it does not know. */
  | { readonly kind: 'asks'; readonly knows: boolean }
  | { readonly kind: 'wrong'; readonly because: string }

export function judge({ deploys, end, statusIsClean }: Played, undisturbed: DatabaseNow): Verdict {
  const lost = deploys.map(({ now }) => lostIn(now, undisturbed)).find((one) => one !== undefined)
  if (lost !== undefined) return wrong(lost)
  const claims = deploys.map((one) => claimsOf(one))
  const untrue = claims.find(({ kind }) => kind === 'untrue')
  if (untrue?.kind === 'untrue') return wrong(untrue.because)
  const outcome = deploys.at(-1)?.result?.outcome
  if (outcome === 'applied' || outcome === 'nothing-pending') {
    const differs = differenceFrom(end, undisturbed)
    if (differs !== undefined) return wrong(`it ended as ${outcome}, and ${differs}`)
    return statusIsClean ? { kind: 'right' } : wrong('Prisma does not call the history clean')
  }
  if (claims.some(({ kind }) => kind === 'known')) return { kind: 'asks', knows: true }
  if (claims.some(({ kind }) => kind === 'not known')) return { kind: 'asks', knows: false }
  return wrong(`it ended as ${said(deploys.at(-1)?.result)}, and no run said what is in force`)
}

function wrong(because: string): Verdict {
  return { kind: 'wrong', because }
}

function said(result: RunResult | undefined): string {
  return result === undefined ? 'nothing' : `${result.outcome} (${result.reasonCode})`
}

function lostIn({ rows }: DatabaseNow, undisturbed: DatabaseNow): string | undefined {
  if (rows.kept !== undisturbed.rows.kept) return 'rows were lost or changed'
  if (rows.least !== rows.most) return 'of one UPDATE some rows are there and others not'
  return rows.most > 1 ? 'rows were changed twice' : undefined
}

function differenceFrom(end: DatabaseNow, undisturbed: DatabaseNow): string | undefined {
  if (JSON.stringify(end.catalog) !== JSON.stringify(undisturbed.catalog)) return 'the catalog is another one'
  if (JSON.stringify(end.rows) !== JSON.stringify(undisturbed.rows)) return 'the rows are others'
  return JSON.stringify(end.inForce) === JSON.stringify(undisturbed.inForce) ? undefined : 'not all is in force'
}

type Claims =
  | { readonly kind: 'known' | 'not known' | 'nothing said' }
  | { readonly kind: 'untrue'; readonly because: string }

/** What can be said of a migration, and when it is true. */
const sentences: readonly (readonly [RegExp, (inForce: readonly boolean[]) => boolean, 'knows' | 'does not know'])[] = [
  [/^applied, and it stands: NAME$/, all, 'knows'],
  [/^not reached: NAME$/, none, 'knows'],
  [/^NAME (was stopped|failed), and PostgreSQL took it back/, none, 'knows'],
  [/^failed: NAME; it ran as one transaction/, none, 'knows'],
  [/^failed: NAME; the server refused its first statement/, none, 'knows'],
  [/^failed: NAME; its row of the history is committed together/, none, 'knows'],
  [/^failed: NAME; all of it is in force/, all, 'knows'],
  [/^failed: NAME; it runs statement by statement, so what came before the failing statement stayed/, notAll, 'knows'],
  [
    /^failed: NAME; it runs statement by statement, and which of them were committed is not known/,
    any,
    'does not know',
  ],
  [/^failed: NAME; whether its changes are in force is not known/, any, 'does not know'],
]

function claimsOf({ result, now }: Deployed): Claims {
  if (result?.failure?.code === 'HISTORY.FAILED_MIGRATION') return claimsOfCatalog(result.failure, now)
  if (result?.outcome !== 'needs-human' || result.reasonCode === 'state_unknown') return { kind: 'nothing said' }
  const lines = result.reason.split('\n')
  let knows = true
  for (const name of pendingNames) {
    const inForce = now.inForce[name] ?? []
    const line = lines.find((one) => one.includes(name))
    // Left out where it was applied by an earlier run.
    if (line === undefined && all(inForce) && !result.migrations.some((one) => one.name === name)) continue
    const counted = countIn(line, name)
    const recorded = recordedIn(line, name)
    if (recorded !== undefined) {
      const there = inForce.filter(Boolean).length
      if (there !== recorded && there !== recorded + 1)
        return { kind: 'untrue', because: `of ${name} it says "${line}", in force is ${JSON.stringify(inForce)}` }
      knows = false
      continue
    }
    const sentence = sentences.find(([said]) => new RegExp(said.source.replace('NAME', name)).test(line ?? ''))
    const holds = counted === undefined ? sentence?.[1](inForce) : counted === inForce.filter(Boolean).length
    if (holds !== true)
      return {
        kind: 'untrue',
        because: `of ${name} it says "${line ?? 'nothing'}", in force is ${JSON.stringify(inForce)}`,
      }
    knows &&= counted !== undefined || sentence?.[2] === 'knows'
  }
  return { kind: knows ? 'known' : 'not known' }
}

/** A later run that may not go on says what it sees of the statements, by their lines. */
function claimsOfCatalog({ what, why }: NonNullable<RunResult['failure']>, { inForce, lines }: DatabaseNow): Claims {
  const name = pendingNames.find((one) => what.includes(one))
  if (name === undefined || !why.includes('What the catalog says:')) return { kind: 'nothing said' }
  const statements = (inForce[name] ?? []).map((there, at) => ({ there, line: lines[name]?.[at] ?? 1 }))
  const upTo = lineIn(why, /In force are its statements up to line (\d+)/)
  const from = lineIn(why, /Not in force are its statements from line (\d+) on/)
  const untrue =
    (upTo !== undefined && statements.some(({ there, line }) => line <= upTo && !there)) ||
    (from !== undefined && statements.some(({ there, line }) => line >= from && there)) ||
    (/one transaction/.test(why) && new Set(statements.map(({ there }) => there)).size > 1) ||
    (/there and invalid/.test(why) && statements.some(({ there }) => there))
  if (untrue)
    return { kind: 'untrue', because: `of ${name} it says "${why}", in force is ${JSON.stringify(statements)}` }
  return { kind: /cannot be seen|shows which/.test(why) ? 'not known' : 'known' }
}

function lineIn(text: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** So many for certain, and perhaps the one behind them. */
function recordedIn(line: string | undefined, name: string): number | undefined {
  const found = new RegExp(`^failed: ${name}; (\\d+) of its \\d+ statements? (?:is|are) recorded as in force`).exec(
    line ?? '',
  )
  return found?.[1] === undefined ? undefined : Number(found[1])
}

function countIn(line: string | undefined, name: string): number | undefined {
  const found = new RegExp(`^failed: ${name}; .*?(\\d+) of its \\d+ statements? (?:is|are) in force`).exec(line ?? '')
  return found?.[1] === undefined ? undefined : Number(found[1])
}

function all(inForce: readonly boolean[]): boolean {
  return inForce.every(Boolean)
}

function none(inForce: readonly boolean[]): boolean {
  return !inForce.some(Boolean)
}

function notAll(inForce: readonly boolean[]): boolean {
  return !all(inForce)
}

function any(): boolean {
  return true
}
