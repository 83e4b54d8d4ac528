import type { Failure } from '../../../../errors.ts'
import { hasOwnName, sayMinutes } from '../decide.ts'
import type { Capabilities, Snapshot } from '../strategy.ts'
import type { NeonBranch, NeonOperation } from './answers.ts'

/** What a Neon branch is to us. Pure. */

export const neonCapabilities: Capabilities = {
  restore: 'in-place',
  automatic: true,
  // A branch shares what its parent has not changed: https://neon.com/docs/introduction/branching
  incremental: 'yes',
  proves: 'nothing',
  notCaptured: [
    'settings of computes and of the project',
    'a copy outside of Neon: the branch is gone when the project or the account is',
  ],
}

/** On every branch that Airlock makes; without it a branch is not ours whatever its name. */
export const ownTag = { key: 'made-by', value: 'airlock' } as const

/** `ep-cool-darkness-123456.eu-central-1.aws.neon.tech`, with or without `-pooler`. */
export function endpointIn(host: string): string | undefined {
  const [label = '', ...rest] = host.toLowerCase().split('.')
  if (!/\.neon\.(tech|build)$/.test(`.${rest.join('.')}`) || !/^ep-[a-z0-9-]{1,57}$/.test(label)) return undefined
  return label.replace(/-pooler$/, '')
}

export function hostIsNotNeons(host: string): Failure {
  return {
    code: 'CONFIG.INVALID',
    what: '`strategy: neon` needs the address of a Neon compute in the connection URL.',
    why: `The host is ${host}, and only ep-….neon.tech says which branch the database is on; a branch of another one would be no backup of it.`,
    next: ['Use the connection string that the Neon console shows, or `strategy: pg_dump`.'],
  }
}

export type Progress =
  | { readonly kind: 'done' }
  | { readonly kind: 'waiting'; readonly for: string }
  | { readonly kind: 'over'; readonly failure: Failure }

/** `failed` is not the end: Neon tries again by itself (https://neon.com/docs/manage/operations). */
export function progressOf(operations: readonly NeonOperation[]): Progress {
  const cancelled = operations.find(({ status }) => status === 'cancelled' || status === 'cancelling')
  if (cancelled !== undefined) {
    return {
      kind: 'over',
      failure: {
        code: 'PROVIDER.REFUSED',
        what: 'Neon cancelled the operation.',
        why: `${cancelled.action} (${cancelled.id}) is ${cancelled.status}${cancelled.error === undefined ? '' : `: ${cancelled.error}`}`,
        next: ['Look at the operations of the project in the Neon console, then run this again.'],
      },
    }
  }
  const open = operations.filter(({ status }) => status !== 'finished' && status !== 'skipped')
  const [first] = open
  if (first === undefined) return { kind: 'done' }
  return {
    kind: 'waiting',
    for: `${first.action} is ${first.status}${first.error === undefined ? '' : ` (${first.error})`}`,
  }
}

export function notReady(what: string, waitedMs: number, state: string): Failure {
  return {
    code: 'PROVIDER.NOT_READY',
    what: `Neon did not finish ${what}.`,
    why: `After ${sayMinutes(waitedMs)}: ${state}.`,
    next: ['Look at the operations of the project in the Neon console; run this again when they are through.'],
  }
}

export function isOwn(
  { name }: { readonly name: string },
  tags: Readonly<Record<string, string>> | undefined,
): boolean {
  return hasOwnName(name) && tags?.[ownTag.key] === ownTag.value
}

export function snapshotOf(
  branch: NeonBranch,
  tags: Readonly<Record<string, string>> | undefined,
  project: string,
): Snapshot {
  return {
    id: branch.id,
    name: branch.name,
    where: `branch ${branch.name} (${branch.id}) of the Neon project ${project}`,
    at: new Date(branch.created_at),
    lsn: branch.parent_lsn ?? null,
    bytes: branch.logical_size ?? null,
    ours: isOwn(branch, tags),
    restoreByHand: [
      `neonctl branches restore ${branch.parent_id ?? 'BRANCH'} ${branch.id} --preserve-under-name before-restore --project-id ${project}`,
    ],
  }
}

/** The branch has to be of the one that the deploy goes to, and whole. */
export function branchProblem(branch: NeonBranch, parent: string): string | undefined {
  if (branch.parent_id !== parent) return `its parent is ${branch.parent_id ?? 'nobody'}, not ${parent}`
  if (branch.current_state !== 'ready') return `it is ${branch.current_state}`
  return undefined
}
