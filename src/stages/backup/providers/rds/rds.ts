import { setTimeout as sleep } from 'node:timers/promises'
import { FailureError, fail } from '../../../../errors.ts'
import { UncertainError } from '../api/ask.ts'
import { newestFirst, nextDelay, type Patience, sayMinutes } from '../decide.ts'
import type { Snapshot, SnapshotStrategy, Taken, TakeRequest } from '../strategy.ts'
import { databasesIn, type Kind, snapshotsIn, windowIn } from './answers.ts'
import { type RdsAccess, rdsCall } from './client.ts'
import {
  addressIn,
  hostIsNotAmazons,
  isOwn,
  ownTag,
  type RdsDatabase,
  type RdsSnapshot,
  rdsCapabilities,
  snapshotOf,
  stateOf,
} from './decide.ts'

export interface RdsSettings {
  /** Of the database that is deployed to. */
  readonly host: string
  readonly patience: Patience
}

/** How the two kinds are called in requests. */
const words = {
  instance: {
    database: 'DBInstanceIdentifier',
    snapshot: 'DBSnapshotIdentifier',
    noun: 'DBSnapshot',
    list: 'DBInstances',
  },
  cluster: {
    database: 'DBClusterIdentifier',
    snapshot: 'DBClusterSnapshotIdentifier',
    noun: 'DBClusterSnapshot',
    list: 'DBClusters',
  },
} as const

/** DB snapshots of an instance, cluster snapshots of Aurora. A restore is a new instance with a new address. */
export function rdsStrategy({ host, patience }: RdsSettings, access: RdsAccess): SnapshotStrategy {
  const address = addressIn(host)
  if (address === undefined) throw new FailureError(hostIsNotAmazons(host))
  const { region } = address
  const call = rdsCall(region, access)

  async function describe(kind: Kind, id: string, signal: AbortSignal) {
    const { database, list } = words[kind]
    const [found] = databasesIn(kind, await call(`Describe${list}`, { [database]: id }, signal))
    if (found !== undefined) return found
    throw fail('PROVIDER.REFUSED', {
      what: `Amazon RDS knows no ${kind} ${id} in ${region}.`,
      why: `The host of the connection URL is ${host}.`,
      next: ['Check that the credentials are those of the account that the database is in.'],
    })
  }

  /** What the connection URL leads to; an instance of a cluster is saved with its cluster. */
  async function deployed(signal: AbortSignal) {
    const found = await describe(address?.kind ?? 'instance', address?.id ?? '', signal)
    if (found.address?.toLowerCase() !== host.toLowerCase()) {
      throw fail('PROVIDER.REFUSED', {
        what: 'The database of the connection URL is not in this account.',
        why: `The ${found.database.kind} ${found.database.id} has the address ${found.address ?? '(none yet)'}, the URL has ${host}.`,
        next: ['Check that the credentials are those of the account that the database is in.'],
      })
    }
    return found.cluster === undefined ? found : describe('cluster', found.cluster, signal)
  }

  async function snapshots(kind: Kind, wanted: Readonly<Record<string, string>>, signal: AbortSignal) {
    const found: RdsSnapshot[] = []
    const seen = new Set<string>()
    for (let marker: string | undefined = ''; marker !== undefined; ) {
      const page = marker === '' ? {} : { Marker: marker }
      const result = await call(`Describe${words[kind].noun}s`, { ...wanted, SnapshotType: 'manual', ...page }, signal)
      found.push(...snapshotsIn(kind, result))
      const next = /<Marker>([^<]+)<\/Marker>/.exec(result)?.[1]
      marker = next === undefined || seen.has(next) ? undefined : next
      if (marker !== undefined) seen.add(marker)
    }
    return found
  }

  /** Found in the list of its database: asked for by its name alone, one that is not there yet is an error. */
  const named = async ({ kind, id }: RdsDatabase, name: string, signal: AbortSignal) =>
    (await snapshots(kind, { [words[kind].database]: id }, signal)).find((snapshot) => snapshot.id === name)

  async function create(database: RdsDatabase, { name, signal }: TakeRequest): Promise<void> {
    const { kind, id } = database
    const parameters = {
      [words[kind].database]: id,
      [words[kind].snapshot]: name,
      'Tags.Tag.1.Key': ownTag.key,
      'Tags.Tag.1.Value': ownTag.value,
    }
    await call(`Create${words[kind].noun}`, parameters, signal).catch(async (thrown: unknown) => {
      // It may have been begun all the same; the name, with its second, is nobody else's.
      const found =
        thrown instanceof UncertainError ? await named(database, name, signal).catch(() => undefined) : undefined
      if (found === undefined) throw thrown
    })
  }

  async function take(request: TakeRequest): Promise<Taken> {
    const { database } = await deployed(request.signal)
    await create(database, request)
    const snapshot = await ready(database, request)
    return {
      snapshot: snapshotOf(snapshot, database, region),
      proven: rdsCapabilities.proves,
      notChecked: ['whether the snapshot restores: it was not restored'],
    }
  }

  async function ready(database: RdsDatabase, { name, signal, onProgress }: TakeRequest): Promise<RdsSnapshot> {
    const startedMs = performance.now()
    for (let asked = 0; ; asked += 1) {
      const snapshot = await named(database, name, signal)
      const status = snapshot?.status ?? 'not listed yet'
      const state = stateOf(status)
      const waitedMs = performance.now() - startedMs
      const delay = nextDelay(patience, asked, waitedMs)
      if (snapshot !== undefined && state.kind === 'ready') return snapshot
      if (state.kind === 'failed') throw notFinished('PROVIDER.REFUSED', name, `it is ${status}`)
      if (delay === undefined)
        throw notFinished('PROVIDER.NOT_READY', name, `after ${sayMinutes(waitedMs)} it is ${status}`)
      onProgress(`Amazon RDS, after ${sayMinutes(waitedMs)}: the snapshot is ${status}`)
      // The next question tells that the run was cancelled.
      await sleep(delay, undefined, { signal }).catch(() => undefined)
    }
  }

  async function remove(snapshot: Snapshot, signal: AbortSignal): Promise<void> {
    const { database } = await deployed(signal)
    const { kind } = database
    // Asked again: tags can be taken away and names given to others.
    const found = snapshot.ours && snapshot.id !== null ? await named(database, snapshot.id, signal) : undefined
    if (found === undefined || !isOwn(found) || found.of !== database.id) {
      throw fail('PROVIDER.REFUSED', {
        what: `\`${snapshot.name}\` was not made by Airlock, or not of this database, and is left alone.`,
        why: `${snapshot.where} has not both the name and the tag of a backup of Airlock’s.`,
        next: ['Remove it in the RDS console where that is meant.'],
      })
    }
    await call(`Delete${words[kind].noun}`, { [words[kind].snapshot]: found.id }, signal)
  }

  return {
    name: 'rds',
    capabilities: rdsCapabilities,
    take,
    list: async (signal) => {
      const { database } = await deployed(signal)
      const found = await snapshots(database.kind, { [words[database.kind].database]: database.id }, signal)
      return newestFirst(found.map((snapshot) => snapshotOf(snapshot, database, region)))
    },
    window: async (signal) => {
      const found = await deployed(signal)
      const { earliest, latest } =
        found.database.kind === 'cluster'
          ? found
          : windowIn(
              await call('DescribeDBInstanceAutomatedBackups', { DBInstanceIdentifier: found.database.id }, signal),
            )
      return earliest === undefined || latest === undefined ? null : { from: new Date(earliest), to: new Date(latest) }
    },
    remove,
  }
}

function notFinished(code: 'PROVIDER.REFUSED' | 'PROVIDER.NOT_READY', name: string, why: string): FailureError {
  return fail(code, {
    what: 'Amazon RDS did not finish the snapshot.',
    why: `${name}: ${why}.`,
    next: ['Look at the snapshot and the events of the instance in the RDS console, then run this again.'],
  })
}
