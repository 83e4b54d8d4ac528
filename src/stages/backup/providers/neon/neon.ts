import { setTimeout as sleep } from 'node:timers/promises'
import { FailureError, fail } from '../../../../errors.ts'
import { UncertainError } from '../api/ask.ts'
import { newestFirst, nextDelay, type Patience, sayMinutes } from '../decide.ts'
import type { RestoredInPlace, RestoreRequest, Snapshot, SnapshotStrategy, Taken, TakeRequest } from '../strategy.ts'
import {
  branchAnswer,
  branchesAnswer,
  changedAnswer,
  endpointAnswer,
  type NeonBranch,
  type NeonOperation,
  operationAnswer,
  projectAnswer,
  readAnswer,
} from './answers.ts'
import { type NeonAccess, neonClient } from './client.ts'
import {
  branchProblem,
  endpointIn,
  hostIsNotNeons,
  isOwn,
  neonCapabilities,
  notReady,
  ownTag,
  progressOf,
  snapshotOf,
} from './decide.ts'

export interface NeonSettings {
  readonly project: string
  /** Of the database that is deployed to. */
  readonly host: string
  readonly patience: Patience
}

/** A branch beside the one that the deploy goes to: there in a second, whatever the size. */
export function neonStrategy(settings: NeonSettings, access: NeonAccess): SnapshotStrategy {
  const endpoint = endpointIn(settings.host)
  if (endpoint === undefined) throw new FailureError(hostIsNotNeons(settings.host))
  const client = neonClient(access)
  const project = `/projects/${encodeURIComponent(settings.project)}`
  const branchPath = (id: string) => `${project}/branches/${encodeURIComponent(id)}`

  /** The branch that the connection URL leads to, asked each time: a restore may have moved the compute. */
  async function deployedBranch(signal: AbortSignal): Promise<string> {
    const text = await client.get(`${project}/endpoints/${endpoint}`, signal)
    return readAnswer(endpointAnswer, text, 'endpoint').endpoint.branch_id
  }

  async function finish(what: string, begun: readonly NeonOperation[], { signal, onProgress }: TakeRequest) {
    const startedMs = performance.now()
    let operations = begun
    for (let asked = 0; ; asked += 1) {
      const progress = progressOf(operations)
      if (progress.kind === 'done') return
      if (progress.kind === 'over') throw new FailureError(progress.failure)
      const waitedMs = performance.now() - startedMs
      const delay = nextDelay(settings.patience, asked, waitedMs)
      if (delay === undefined) throw new FailureError(notReady(what, waitedMs, progress.for))
      if (asked > 0) onProgress(`Neon, after ${sayMinutes(waitedMs)}: ${progress.for}`)
      // The next question tells that the run was cancelled.
      await sleep(delay, undefined, { signal }).catch(() => undefined)
      operations = await Promise.all(
        operations.map(async (operation) => {
          if (operation.status === 'finished' || operation.status === 'skipped') return operation
          const text = await client.get(`${project}/operations/${encodeURIComponent(operation.id)}`, signal)
          return readAnswer(operationAnswer, text, 'operation').operation
        }),
      )
    }
  }

  async function create(
    parent: string,
    { name, signal }: TakeRequest,
  ): Promise<readonly [string, readonly NeonOperation[]]> {
    const body = { branch: { parent_id: parent, name }, annotation_value: { [ownTag.key]: ownTag.value } }
    try {
      const made = readAnswer(changedAnswer, await client.post(`${project}/branches`, body, signal), 'new branch')
      return [made.branch.id, made.operations]
    } catch (thrown) {
      if (!(thrown instanceof UncertainError)) throw thrown
      // It may be there all the same; asked again blindly there might be two.
      const there = (await branches(signal)).find(({ branch }) => branch.name === name)
      if (there === undefined) throw thrown
      return [there.branch.id, []]
    }
  }

  async function take(request: TakeRequest): Promise<Taken> {
    const { signal } = request
    const parent = await deployedBranch(signal)
    const [id, operations] = await create(parent, request)
    await finish('the new branch', operations, request)
    const { branch, annotation } = await readyBranch(id, parent, request)
    return {
      snapshot: snapshotOf(branch, annotation?.value, settings.project),
      proven: neonCapabilities.proves,
      notChecked: ['whether the branch can be read: nothing was connected to it'],
    }
  }

  async function readyBranch(id: string, parent: string, { signal }: TakeRequest) {
    const startedMs = performance.now()
    for (let asked = 0; ; asked += 1) {
      const answer = readAnswer(branchAnswer, await client.get(branchPath(id), signal), 'branch')
      const problem = branchProblem(answer.branch, parent)
      if (problem === undefined) return answer
      const waitedMs = performance.now() - startedMs
      const delay = answer.branch.parent_id === parent ? nextDelay(settings.patience, asked, waitedMs) : undefined
      if (delay === undefined) throw new FailureError(notReady(`the branch ${id}`, waitedMs, problem))
      await sleep(delay, undefined, { signal }).catch(() => undefined)
    }
  }

  async function branches(signal: AbortSignal) {
    const found: { readonly branch: NeonBranch; readonly tags: Readonly<Record<string, string>> | undefined }[] = []
    const seen = new Set<string>()
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const query = new URLSearchParams({ search: 'airlock-', limit: '100', ...(cursor === '' ? {} : { cursor }) })
      const page = readAnswer(branchesAnswer, await client.get(`${project}/branches?${query}`, signal), 'branches')
      for (const branch of page.branches) found.push({ branch, tags: page.annotations[branch.id]?.value })
      cursor = page.branches.length === 0 ? undefined : page.pagination?.next
      // A cursor that leads back would go round for ever.
      if (cursor !== undefined && seen.has(cursor)) cursor = undefined
      else if (cursor !== undefined) seen.add(cursor)
    }
    return found
  }

  async function beginRestore(target: string, body: object, signal: AbortSignal): Promise<string> {
    try {
      return await client.post(`${branchPath(target)}/restore`, body, signal)
    } catch (thrown) {
      if (!(thrown instanceof UncertainError)) throw thrown
      const { failure } = thrown
      // A second one would keep the restored state under the name for the one from before.
      const first =
        'Look in the Neon console whether the restore was begun, before anything else is done to this branch.'
      throw new FailureError({ ...failure, next: [first, ...failure.next] }, { cause: thrown })
    }
  }

  async function restore(request: RestoreRequest): Promise<RestoredInPlace> {
    const { snapshot, name, signal } = request
    const target = await deployedBranch(signal)
    const body = { source_branch_id: own(snapshot), preserve_under_name: name }
    const changed = readAnswer(changedAnswer, await beginRestore(target, body, signal), 'restore')
    await finish('the restore', changed.operations, request)
    const preserved = (await branches(signal)).find(({ branch }) => branch.name === name)
    if (preserved === undefined) {
      throw fail('PROVIDER.UNEXPECTED', {
        what: 'Neon restored the branch, and the state from before is not where it should be.',
        why: `No branch is named ${name}.`,
        next: ['Look at the branches of the project in the Neon console before anything is written or deleted.'],
      })
    }
    return { before: `branch ${name} (${preserved.branch.id})`, at: new Date() }
  }

  async function remove(snapshot: Snapshot, signal: AbortSignal): Promise<void> {
    const id = own(snapshot)
    const { branch, annotation } = readAnswer(branchAnswer, await client.get(branchPath(id), signal), 'branch')
    // Asked again: the list may be old, and names can be given to others.
    if (!isOwn(branch, annotation?.value)) throw notOwn(snapshot)
    await client.remove(branchPath(id), signal)
  }

  return {
    name: 'neon',
    capabilities: neonCapabilities,
    take,
    list: async (signal) =>
      newestFirst((await branches(signal)).map(({ branch, tags }) => snapshotOf(branch, tags, settings.project))),
    window: async (signal) => {
      const { history_retention_seconds: seconds } = readAnswer(
        projectAnswer,
        await client.get(project, signal),
        'project',
      ).project
      const to = new Date()
      return seconds === 0 ? null : { from: new Date(to.getTime() - seconds * 1_000), to }
    },
    restore,
    remove,
  }
}

function own(snapshot: Snapshot): string {
  if (snapshot.ours && snapshot.id !== null) return snapshot.id
  throw notOwn(snapshot)
}

function notOwn({ name, where }: Snapshot): FailureError {
  return fail('PROVIDER.REFUSED', {
    what: `\`${name}\` was not made by Airlock and is left alone.`,
    why: `${where} has not both the name and the tag of a backup of Airlock’s.`,
    next: ['Restore or remove it in the Neon console where that is meant.'],
  })
}
