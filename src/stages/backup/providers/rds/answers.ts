import { fail } from '../../../../errors.ts'
import { elementsOf, textOf } from '../../store/s3/xml.ts'
import type { RdsDatabase, RdsSnapshot } from './decide.ts'

/** The parts of RDS’s answers that are used: XML of the Query API, version 2014-10-31. Pure. */

export type Kind = RdsDatabase['kind']

/** The whole answer has to be of that action: an empty list is only one that says so. */
export function resultOf(action: string, xml: string): string {
  const [result] = elementsOf(xml, `${action}Result`)
  if (result !== undefined) return result
  throw unexpected(action, `there is no ${action}Result`)
}

export function databasesIn(kind: Kind, result: string) {
  return elementsOf(result, kind === 'instance' ? 'DBInstance' : 'DBCluster').map((xml) => ({
    database: {
      kind,
      id: needed(xml, kind === 'instance' ? 'DBInstanceIdentifier' : 'DBClusterIdentifier'),
      engine: needed(xml, 'Engine'),
      subnetGroup: textOf(xml, kind === 'instance' ? 'DBSubnetGroupName' : 'DBSubnetGroup') ?? null,
      securityGroups: elementsOf(xml, 'VpcSecurityGroupId'),
    } satisfies RdsDatabase,
    /** Of an instance that is part of a cluster. */
    cluster: kind === 'instance' ? textOf(xml, 'DBClusterIdentifier') : undefined,
    address: kind === 'instance' ? textOf(xml, 'Address') : textOf(xml, 'Endpoint'),
    earliest: textOf(xml, 'EarliestRestorableTime'),
    latest: textOf(xml, 'LatestRestorableTime'),
  }))
}

export function snapshotsIn(kind: Kind, result: string): readonly RdsSnapshot[] {
  return elementsOf(result, kind === 'instance' ? 'DBSnapshot' : 'DBClusterSnapshot').map((xml) => ({
    id: needed(xml, kind === 'instance' ? 'DBSnapshotIdentifier' : 'DBClusterSnapshotIdentifier'),
    of: needed(xml, kind === 'instance' ? 'DBInstanceIdentifier' : 'DBClusterIdentifier'),
    status: needed(xml, 'Status'),
    createdAt: textOf(xml, 'SnapshotCreateTime') ?? null,
    tags: new Map(elementsOf(xml, 'Tag').map((tag) => [textOf(tag, 'Key') ?? '', textOf(tag, 'Value') ?? ''])),
  }))
}

/** Of the automated backup of an instance; of a cluster it is in its own description. */
export function windowIn(result: string): {
  readonly earliest: string | undefined
  readonly latest: string | undefined
} {
  const [window] = elementsOf(result, 'RestoreWindow')
  return {
    earliest: window === undefined ? undefined : textOf(window, 'EarliestTime'),
    latest: window === undefined ? undefined : textOf(window, 'LatestTime'),
  }
}

export function codeIn(xml: string): string | undefined {
  return textOf(xml, 'Code')
}

export function reasonIn(xml: string): string {
  const code = codeIn(xml)
  if (code !== undefined) return `${code}: ${(textOf(xml, 'Message') ?? 'no reason given').slice(0, 500)}`
  return xml.trim() === '' ? 'no reason given' : xml.trim().slice(0, 200)
}

function needed(xml: string, name: string): string {
  const text = textOf(xml, name)
  if (text !== undefined && text !== '') return text
  throw unexpected(name, 'it is missing')
}

function unexpected(what: string, why: string) {
  return fail('PROVIDER.UNEXPECTED', {
    what: 'Amazon RDS answered in a way that this release does not know.',
    why: `${what}: ${why}`,
    next: ['Look for a newer release of Airlock, or use `strategy: pg_dump`, which needs no provider.'],
  })
}
