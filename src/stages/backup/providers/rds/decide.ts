import type { Failure } from '../../../../errors.ts'
import { hasOwnName } from '../decide.ts'
import type { Capabilities, Snapshot } from '../strategy.ts'

/** What Amazon RDS and Aurora say, and what follows from it. Pure. */

export const rdsCapabilities: Capabilities = {
  restore: 'new-endpoint',
  automatic: false,
  incremental: 'yes',
  proves: 'nothing',
  notCaptured: [
    'parameter groups, security groups and the address: a restore is a new instance',
    'a copy outside of the account and region, unless the snapshot is copied there',
  ],
}

export const ownTag = { key: 'made-by', value: 'airlock' } as const

export interface RdsAddress {
  readonly kind: 'instance' | 'cluster'
  readonly id: string
  readonly region: string
}

/**
 * `NAME.RANDOM.REGION.rds.amazonaws.com` for an instance, `NAME.cluster-RANDOM.REGION.…` for the writer of a cluster. The
 * reader’s and custom addresses (`cluster-ro-`, `cluster-custom-`) are not what a deploy goes to.
 */
export function addressIn(host: string): RdsAddress | undefined {
  const found = /^([a-z][a-z0-9-]{0,62})\.(cluster-)?([a-z0-9]+)\.([a-z0-9-]+)\.rds\.amazonaws\.com(?:\.cn)?$/.exec(
    host.toLowerCase(),
  )
  const [, id, cluster, , region] = found ?? []
  if (id === undefined || region === undefined) return undefined
  return { kind: cluster === undefined ? 'instance' : 'cluster', id, region }
}

export function hostIsNotAmazons(host: string): Failure {
  return {
    code: 'CONFIG.INVALID',
    what: '`strategy: rds` needs the address of an RDS instance or of the writer of an Aurora cluster in the connection URL.',
    why: `The host is ${host}, which does not say which instance it is; a snapshot of another one would be no backup of it.`,
    next: ['Use the endpoint that the RDS console shows (NAME.….REGION.rds.amazonaws.com), or `strategy: pg_dump`.'],
  }
}

export interface RdsDatabase {
  readonly kind: 'instance' | 'cluster'
  readonly id: string
  readonly engine: string
  readonly subnetGroup: string | null
  readonly securityGroups: readonly string[]
}

export interface RdsSnapshot {
  readonly id: string
  readonly of: string
  readonly status: string
  readonly createdAt: string | null
  readonly tags: ReadonlyMap<string, string>
}

export type SnapshotState = { readonly kind: 'ready' } | { readonly kind: 'waiting' } | { readonly kind: 'failed' }

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CreateSnapshot.html: what is not known is waited for. */
export function stateOf(status: string): SnapshotState {
  if (status === 'available') return { kind: 'ready' }
  return { kind: status === 'failed' || status === 'deleting' ? 'failed' : 'waiting' }
}

export function isOwn({ id, tags }: RdsSnapshot): boolean {
  return hasOwnName(id) && tags.get(ownTag.key) === ownTag.value
}

export function snapshotOf(snapshot: RdsSnapshot, database: RdsDatabase, region: string): Snapshot {
  return {
    id: snapshot.id,
    name: snapshot.id,
    where: `${database.kind === 'cluster' ? 'cluster ' : ''}snapshot ${snapshot.id} of ${snapshot.of}, Amazon RDS in ${region}`,
    at: snapshot.createdAt === null ? null : new Date(snapshot.createdAt),
    lsn: null,
    // What it says is the size of the disk that was asked for.
    bytes: null,
    ours: isOwn(snapshot),
    restoreByHand: restoreCommands(snapshot.id, database, region),
  }
}

/** Without its network a restored instance is put into the account’s default one. */
function restoreCommands(
  snapshot: string,
  { kind, id, engine, subnetGroup, securityGroups }: RdsDatabase,
  region: string,
) {
  const copy = `${id.slice(0, 54)}-restored`
  const network = [
    ...(subnetGroup === null ? [] : [`--db-subnet-group-name ${subnetGroup}`]),
    ...(securityGroups.length === 0 ? [] : [`--vpc-security-group-ids ${securityGroups.join(' ')}`]),
    `--region ${region}`,
  ].join(' ')
  if (kind === 'instance') {
    return [
      `aws rds restore-db-instance-from-db-snapshot --db-instance-identifier ${copy} --db-snapshot-identifier ${snapshot} ${network}`,
      `aws rds wait db-instance-available --db-instance-identifier ${copy} --region ${region}`,
    ]
  }
  return [
    `aws rds restore-db-cluster-from-snapshot --db-cluster-identifier ${copy} --snapshot-identifier ${snapshot} --engine ${engine} ${network}`,
    `aws rds create-db-instance --db-instance-identifier ${copy}-1 --db-cluster-identifier ${copy} --engine ${engine} --db-instance-class CLASS --region ${region}`,
  ]
}

/** Refusals come with status 400 whatever they are about: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html */
const meanings: ReadonlyMap<string, number> = new Map([
  ...[
    'AccessDenied',
    'AccessDeniedException',
    'AuthFailure',
    'ExpiredToken',
    'ExpiredTokenException',
    'IncompleteSignature',
    'InvalidClientTokenId',
    'MissingAuthenticationToken',
    'NotAuthorized',
    'OptInRequired',
    'RequestExpired',
    'SignatureDoesNotMatch',
    'UnrecognizedClientException',
  ].map((code) => [code, 403] as const),
  ...['RequestLimitExceeded', 'Throttling', 'ThrottlingException'].map((code) => [code, 429] as const),
  // Another snapshot or change is under way; nothing was done.
  ...['InvalidDBInstanceState', 'InvalidDBClusterStateFault'].map((code) => [code, 423] as const),
])

export function meaningOf(status: number, code: string | undefined): number {
  return code === undefined ? status : (meanings.get(code) ?? status)
}
