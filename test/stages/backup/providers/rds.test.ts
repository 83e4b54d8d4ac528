import {
  CreateDBClusterSnapshotCommand,
  CreateDBSnapshotCommand,
  DeleteDBSnapshotCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
} from '@aws-sdk/client-rds'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FailureError } from '../../../../src/errors.ts'
import { nameSnapshot } from '../../../../src/stages/backup/providers/decide.ts'
import { addressIn } from '../../../../src/stages/backup/providers/rds/decide.ts'
import { rdsStrategy } from '../../../../src/stages/backup/providers/rds/rds.ts'
import { type Answer, hosts, type RdsAccount, rdsAccount, rdsKeys, refusal, region } from './rds-account.ts'

const name = nameSnapshot('shop', new Date('2026-11-21T16:00:00Z'))
let account: RdsAccount
beforeEach(async () => {
  account = await rdsAccount()
})
afterEach(() => account[Symbol.asyncDispose]())

const made = (host: string, environment: Record<string, string> = rdsKeys, patienceMs = 5_000) =>
  rdsStrategy(
    { host, patience: { firstDelayMs: 5, longestDelayMs: 20, deadlineMs: 1_500 } },
    { environment: { ...environment, AWS_ENDPOINT_URL_RDS: account.origin }, patienceMs, answerMs: 10_000 },
  )
const request = (signal = new AbortController().signal) => ({ name, signal, onProgress: () => undefined })
const failureOf = async (promise: Promise<unknown> | undefined) => {
  const thrown = await promise?.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(thrown instanceof FailureError)) throw thrown ?? new Error('It did not fail')
  return thrown.failure
}
const on =
  (action: string, answer: Answer | ((really: () => Answer) => Answer)) =>
  (form: URLSearchParams, really: () => Answer) =>
    form.get('Action') === action ? (typeof answer === 'function' ? answer(really) : answer) : undefined
const actions = () => account.forms.map((form) => form.get('Action'))
const count = (action: string) => actions().filter((one) => one === action).length
const official = () =>
  new RDSClient({
    region,
    endpoint: account.origin,
    maxAttempts: 1,
    credentials: { accessKeyId: rdsKeys.AWS_ACCESS_KEY_ID, secretAccessKey: rdsKeys.AWS_SECRET_ACCESS_KEY },
  })

describe('snapshots of Amazon RDS', () => {
  it('are taken of the instance that the connection URL leads to, waited for, and tagged', async () => {
    account.states = ['creating', 'creating', 'a-state-of-later-years', 'available']
    const { snapshot, proven } = await made(hosts.instance).take(request())
    expect([proven, snapshot.id, snapshot.ours]).toEqual(['nothing', name, true])
    expect(snapshot.at).toEqual(new Date('2026-11-21T16:00:05.123Z'))
    expect(snapshot.restoreByHand[0]).toBe(
      `aws rds restore-db-instance-from-db-snapshot --db-instance-identifier shop-restored --db-snapshot-identifier ${name} --db-subnet-group-name private --vpc-security-group-ids sg-1 sg-2 --region ${region}`,
    )
  })

  it.each(['cluster', 'member'] as const)(
    'are taken of the whole cluster where the URL leads to its %s',
    async (which) => {
      const { snapshot } = await made(hosts[which]).take(request())
      expect(account.snapshots).toMatchObject([{ id: name, kind: 'DBClusterSnapshot', of: 'orders' }])
      expect(snapshot.restoreByHand[0]).toContain(
        'restore-db-cluster-from-snapshot --db-cluster-identifier orders-restored',
      )
      expect(snapshot.restoreByHand[0]).toContain('--engine aurora-postgresql')
    },
  )

  it('are listed over several pages, and removed only with our name and our tag', async () => {
    const strategy = made(hosts.instance)
    account.snapshots.push({
      id: 'airlock-shop-20261101t000000z',
      kind: 'DBSnapshot',
      of: 'shop',
      status: 'available',
      tags: {},
    })
    const { snapshot } = await strategy.take(request())
    const listed = await strategy.list(request().signal)
    expect(listed.map(({ id, ours }) => [id, ours])).toEqual([
      ['airlock-shop-20261101t000000z', false],
      [name, true],
    ])
    for (const one of [listed[0], { ...listed[0], ours: true }]) {
      expect(await failureOf(strategy.remove?.({ ...snapshot, ...one }, request().signal))).toMatchObject({
        code: 'PROVIDER.REFUSED',
      })
    }
    await strategy.remove?.(snapshot, request().signal)
    expect(account.snapshots.map(({ id }) => id)).toEqual(['airlock-shop-20261101t000000z'])
  })

  it('come with the moments that RDS itself can go back to', async () => {
    expect(await made(hosts.instance).window?.(request().signal)).toEqual({
      from: new Date('2026-11-14T00:00:00Z'),
      to: new Date('2026-11-21T15:55:00Z'),
    })
    expect(await made(hosts.cluster).window?.(request().signal)).toEqual({
      from: new Date('2026-11-20T00:00:00Z'),
      to: new Date('2026-11-21T15:59:00Z'),
    })
  })
})

describe('the same words as Amazon’s own client', () => {
  it('are sent for every request', async () => {
    const instance = made(hosts.instance)
    const { snapshot } = await instance.take(request())
    await instance.window?.(request().signal)
    await instance.remove?.(snapshot, request().signal)
    await made(hosts.cluster).take(request())
    const ours = new Set(account.forms.map(sorted))
    account.forms.length = 0

    const Tags = [{ Key: 'made-by', Value: 'airlock' }]
    const client = official()
    const asked = [
      client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'shop' })),
      client.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'shop', DBSnapshotIdentifier: name, Tags })),
      client.send(new DescribeDBSnapshotsCommand({ DBInstanceIdentifier: 'shop', SnapshotType: 'manual' })),
      client.send(new DescribeDBInstanceAutomatedBackupsCommand({ DBInstanceIdentifier: 'shop' })),
      client.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: name })),
      client.send(new DescribeDBClustersCommand({ DBClusterIdentifier: 'orders' })),
      client.send(
        new CreateDBClusterSnapshotCommand({ DBClusterIdentifier: 'orders', DBClusterSnapshotIdentifier: name, Tags }),
      ),
      client.send(new DescribeDBClusterSnapshotsCommand({ DBClusterIdentifier: 'orders', SnapshotType: 'manual' })),
    ]
    await Promise.allSettled(asked)
    expect([...ours].sort()).toEqual(account.forms.map(sorted).sort())
  })

  it('are read from the answers of the tests', async () => {
    const { snapshot } = await made(hosts.instance).take(request())
    const { DBSnapshots: [theirs] = [] } = await official().send(
      new DescribeDBSnapshotsCommand({ DBInstanceIdentifier: 'shop', SnapshotType: 'manual' }),
    )
    expect([theirs?.DBSnapshotIdentifier, theirs?.SnapshotCreateTime, theirs?.Status, theirs?.TagList]).toEqual([
      snapshot.id,
      snapshot.at,
      'available',
      [{ Key: 'made-by', Value: 'airlock' }],
    ])
    const { DBInstances: [instance] = [] } = await official().send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'orders-1' }),
    )
    expect([
      instance?.Endpoint?.Address,
      instance?.DBClusterIdentifier,
      instance?.DBSubnetGroup?.DBSubnetGroupName,
    ]).toEqual([hosts.member, 'orders', 'private'])
    const { DBClusters: [cluster] = [] } = await official().send(
      new DescribeDBClustersCommand({ DBClusterIdentifier: 'orders' }),
    )
    expect([
      cluster?.Endpoint,
      cluster?.DBSubnetGroup,
      cluster?.VpcSecurityGroups?.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId),
    ]).toEqual([hosts.cluster, 'private', ['sg-1', 'sg-2']])
  })

  const sorted = (form: URLSearchParams) => {
    const copy = new URLSearchParams(form)
    copy.sort()
    return copy.toString()
  }
})

describe('trouble with Amazon RDS', () => {
  it.each([
    [
      'a session that has expired',
      refusal(403, 'ExpiredToken', 'The security token included in the request is expired'),
      'PROVIDER.CREDENTIALS',
    ],
    [
      'a role without the permission',
      refusal(403, 'AccessDenied', 'not authorized to perform: rds:CreateDBSnapshot'),
      'PROVIDER.CREDENTIALS',
    ],
    [
      'a full quota',
      refusal(400, 'SnapshotQuotaExceeded', 'Cannot create more than 100 manual snapshots'),
      'PROVIDER.REFUSED',
    ],
    ['a name that is taken', refusal(400, 'DBSnapshotAlreadyExists', 'exists'), 'PROVIDER.REFUSED'],
  ])('ends at once on %s, with its own words', async (_, answer, code) => {
    account.instead.push(on('CreateDBSnapshot', answer))
    const failure = await failureOf(made(hosts.instance).take(request()))
    expect(failure).toMatchObject({ code, why: expect.stringMatching(/CreateDB|exists|expired|100 manual|rds:Create/) })
    expect(count('CreateDBSnapshot')).toBe(1)
  })

  it('ends at once on a wrong key, without it in the message', async () => {
    const failure = await failureOf(
      made(hosts.instance, { ...rdsKeys, AWS_SECRET_ACCESS_KEY: 'another-secret' }).take(request()),
    )
    expect(failure).toMatchObject({ code: 'PROVIDER.CREDENTIALS', why: expect.stringMatching(/SignatureDoesNotMatch/) })
    expect(JSON.stringify(failure)).not.toContain('another-secret')
  })

  it('ends before any request without credentials, and on a host that says nothing', () => {
    expect(() => made(hosts.instance, {})).toThrow(/PROVIDER.CREDENTIALS/)
    expect(() => made('db.example.com')).toThrow(/CONFIG.INVALID/)
    for (const host of [`orders.cluster-ro-abc.${region}.rds.amazonaws.com`, `${hosts.instance}.example.com`])
      expect(addressIn(host)).toBeUndefined()
  })

  it.each([
    ['throttled', refusal(400, 'Throttling', 'Rate exceeded')],
    [
      'told that another snapshot is under way',
      refusal(400, 'InvalidDBInstanceState', 'Instance shop is not currently in the available state.'),
    ],
    ['told that the service is not there', refusal(503, 'ServiceUnavailable', 'later')],
  ])('asks again when it is %s', async (_, answer) => {
    account.instead.push(on('CreateDBSnapshot', answer))
    await made(hosts.instance).take(request())
    expect(count('CreateDBSnapshot')).toBe(2)
  })

  it('does not begin a second snapshot when the first one was begun and the answer was lost', async () => {
    account.instead.push(
      on('CreateDBSnapshot', (really) => {
        really()
        return null
      }),
    )
    await made(hosts.instance).take(request())
    expect([count('CreateDBSnapshot'), account.snapshots.length]).toEqual([1, 1])
  })

  it('does not claim a snapshot that failed, is not through in time, or is not there', async () => {
    account.states = ['creating', 'failed']
    expect(await failureOf(made(hosts.instance).take(request()))).toMatchObject({
      code: 'PROVIDER.REFUSED',
      why: `${name}: it is failed.`,
    })
    account.snapshots.length = 0
    account.states = ['creating']
    expect(await failureOf(made(hosts.instance).take(request()))).toMatchObject({
      code: 'PROVIDER.NOT_READY',
      why: expect.stringMatching(/it is creating/),
    })
    account.snapshots.length = 0
    account.instead.push(on('CreateDBSnapshot', refusal(500, 'InternalFailure', 'sorry')))
    expect(await failureOf(made(hosts.instance).take(request()))).toMatchObject({ code: 'PROVIDER.UNREACHABLE' })
  })

  it('does not take an instance of the same name in another account', async () => {
    const other = hosts.instance.replace('abcdefghijkl', 'zzzzzzzzzzzz')
    expect(await failureOf(made(other).take(request()))).toMatchObject({
      code: 'PROVIDER.REFUSED',
      why: expect.stringContaining(other),
    })
    expect(count('CreateDBSnapshot')).toBe(0)
  })

  it('does not read an answer of another form as an empty list', async () => {
    account.instead.push(on('DescribeDBSnapshots', { status: 200, xml: '<html>sign in</html>' }))
    expect(await failureOf(Promise.resolve(made(hosts.instance).list(request().signal)))).toMatchObject({
      code: 'PROVIDER.UNEXPECTED',
    })
  })

  it('ends when the run is cancelled while it waits', async () => {
    account.states = ['creating']
    const cancel = new AbortController()
    setTimeout(() => cancel.abort(), 200)
    expect(await failureOf(made(hosts.instance).take(request(cancel.signal)))).toMatchObject({ code: 'RUN.CANCELLED' })
  })
})
