import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { SignatureV4 } from '@smithy/signature-v4'

/** An account with one instance and one Aurora cluster, answering in the XML of RDS’s Query API. */
export interface RdsAccount extends AsyncDisposable {
  readonly origin: string
  readonly forms: URLSearchParams[]
  readonly snapshots: { id: string; kind: Kind; of: string; status: string; tags: Record<string, string> }[]
  /** States of a snapshot, one for each time that it is listed. */
  states: string[]
  /** Answers in place of the account’s own. */
  readonly instead: ((form: URLSearchParams, really: () => Answer) => Answer | undefined)[]
}

type Kind = 'DBSnapshot' | 'DBClusterSnapshot'
export type Answer = { readonly status: number; readonly xml: string } | null

export const rdsKeys = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
export const region = 'eu-central-1'
export const hosts = {
  instance: `shop.abcdefghijkl.${region}.rds.amazonaws.com`,
  cluster: `orders.cluster-abcdefghijkl.${region}.rds.amazonaws.com`,
  member: `orders-1.abcdefghijkl.${region}.rds.amazonaws.com`,
}
const zone = '2014-10-31'

export async function rdsAccount(): Promise<RdsAccount> {
  const really = (form: URLSearchParams): Answer => {
    const action = form.get('Action') ?? ''
    const kind: Kind = action.includes('Cluster') ? 'DBClusterSnapshot' : 'DBSnapshot'
    const owner = kind === 'DBSnapshot' ? 'DBInstanceIdentifier' : 'DBClusterIdentifier'
    const id = form.get(`${kind}Identifier`) ?? ''
    const known = account.snapshots.find((snapshot) => snapshot.id === id && snapshot.kind === kind)
    const done = (inside: string): Answer => ({ status: 200, xml: envelope(action, inside) })
    switch (action) {
      case 'DescribeDBInstances': {
        const xml = instances[form.get('DBInstanceIdentifier') ?? '']
        if (xml === undefined) return refusal(404, 'DBInstanceNotFound', 'DBInstance not found.')
        return done(`<DBInstances>${xml}</DBInstances>`)
      }
      case 'DescribeDBClusters':
        if (form.get('DBClusterIdentifier') !== 'orders')
          return refusal(404, 'DBClusterNotFoundFault', 'DBCluster not found.')
        return done(`<DBClusters>${cluster}</DBClusters>`)
      case 'DescribeDBInstanceAutomatedBackups':
        return done(
          `<DBInstanceAutomatedBackups><DBInstanceAutomatedBackup><DBInstanceIdentifier>shop</DBInstanceIdentifier><RestoreWindow><EarliestTime>2026-11-14T00:00:00Z</EarliestTime><LatestTime>2026-11-21T15:55:00Z</LatestTime></RestoreWindow></DBInstanceAutomatedBackup></DBInstanceAutomatedBackups>`,
        )
      case 'CreateDBSnapshot':
      case 'CreateDBClusterSnapshot': {
        if (known !== undefined) return refusal(400, `${kind}AlreadyExists`, 'It exists.')
        const tags: Record<string, string> = {}
        for (let at = 1; form.has(`Tags.Tag.${at}.Key`); at += 1) {
          tags[form.get(`Tags.Tag.${at}.Key`) ?? ''] = form.get(`Tags.Tag.${at}.Value`) ?? ''
        }
        const made = { id, kind, of: form.get(owner) ?? '', status: 'creating', tags }
        account.snapshots.push(made)
        return done(snapshotXml(made))
      }
      case 'DescribeDBSnapshots':
      case 'DescribeDBClusterSnapshots': {
        const found = account.snapshots.filter((one) => one.kind === kind && one.of === form.get(owner))
        for (const one of found)
          one.status = account.states.length > 1 ? (account.states.shift() ?? '') : (account.states[0] ?? '')
        // One on a page, so that the second is asked for.
        const from = Number(form.get('Marker') ?? 0)
        const marker = from + 1 < found.length ? `<Marker>${from + 1}</Marker>` : ''
        return done(
          `<${kind}s>${found
            .slice(from, from + 1)
            .map(snapshotXml)
            .join('')}</${kind}s>${marker}`,
        )
      }
      case 'DeleteDBSnapshot':
      case 'DeleteDBClusterSnapshot':
        if (known === undefined) return refusal(404, `${kind}NotFound`, 'It is not there.')
        account.snapshots.splice(account.snapshots.indexOf(known), 1)
        return done(snapshotXml(known))
      default:
        return refusal(400, 'InvalidAction', action)
    }
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString('utf8')
    const form = new URLSearchParams(body)
    account.forms.push(form)
    const problem = await signatureProblem(request.headers, body)
    const [first] = account.instead
    let answer =
      problem === undefined ? first?.(form, () => really(form)) : refusal(403, problem, 'The signature is wrong.')
    if (answer !== undefined && problem === undefined) account.instead.shift()
    if (answer === undefined)
      answer = form.get('Version') === zone ? really(form) : refusal(400, 'InvalidAction', 'version')
    if (answer === null) request.socket.destroy()
    else response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.xml)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  const account: RdsAccount = {
    origin: `http://127.0.0.1:${address.port}`,
    forms: [],
    snapshots: [],
    states: ['creating', 'available'],
    instead: [],
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
  return account
}

/** Amazon’s own signing, over the same headers at the same time, has to come to the same. */
async function signatureProblem(headers: IncomingHttpHeaders, body: string): Promise<string | undefined> {
  const authorization = headers.authorization ?? ''
  const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? []
  const [, at] = /^(.*)$/.exec(String(headers['x-amz-date'])) ?? []
  if (!authorization.includes(`Credential=${rdsKeys.AWS_ACCESS_KEY_ID}/`)) return 'InvalidClientTokenId'
  if (!['host', 'x-amz-date', 'content-type'].every((name) => names.includes(name))) return 'IncompleteSignature'
  const signer = new SignatureV4({
    service: 'rds',
    region,
    credentials: { accessKeyId: rdsKeys.AWS_ACCESS_KEY_ID, secretAccessKey: rdsKeys.AWS_SECRET_ACCESS_KEY },
    sha256: Sha256,
  })
  const signed = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: '/',
      query: {},
      headers: Object.fromEntries(names.map((name) => [name, String(headers[name])])),
      body,
    },
    {
      signingDate: new Date(String(at).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')),
      signableHeaders: new Set(names),
      unsignableHeaders: new Set(),
    },
  )
  return signed.headers.authorization?.split('Signature=')[1] === authorization.split('Signature=')[1]
    ? undefined
    : 'SignatureDoesNotMatch'
}

class Sha256 {
  readonly #hash
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', asBuffer(secret))
  }
  update(data: string | ArrayBuffer | ArrayBufferView) {
    this.#hash.update(asBuffer(data))
  }
  async digest() {
    return new Uint8Array(this.#hash.digest())
  }
  reset() {}
}

function asBuffer(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data)
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data)
}

export function refusal(status: number, code: string, message: string): Answer {
  return {
    status,
    xml: `<ErrorResponse xmlns="http://rds.amazonaws.com/doc/${zone}/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
  }
}

function envelope(action: string, inside: string): string {
  return `<?xml version="1.0"?><${action}Response xmlns="http://rds.amazonaws.com/doc/${zone}/"><${action}Result>${inside}</${action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>`
}

function snapshotXml({ id, kind, of, status, tags }: RdsAccount['snapshots'][number]): string {
  const owner = kind === 'DBSnapshot' ? 'DBInstanceIdentifier' : 'DBClusterIdentifier'
  const list = Object.entries(tags).map(([key, value]) => `<Tag><Value>${value}</Value><Key>${key}</Key></Tag>`)
  return `<${kind}><AllocatedStorage>20</AllocatedStorage><TagList>${list.join('')}</TagList><Engine>postgres</Engine><${kind}Identifier>${id}</${kind}Identifier><${owner}>${of}</${owner}><SnapshotType>manual</SnapshotType><SnapshotCreateTime>2026-11-21T16:00:05.123Z</SnapshotCreateTime><Status>${status}</Status><PercentProgress>100</PercentProgress></${kind}>`
}

const network = `<VpcSecurityGroups><VpcSecurityGroupMembership><VpcSecurityGroupId>sg-1</VpcSecurityGroupId><Status>active</Status></VpcSecurityGroupMembership><VpcSecurityGroupMembership><VpcSecurityGroupId>sg-2</VpcSecurityGroupId><Status>active</Status></VpcSecurityGroupMembership></VpcSecurityGroups>`
const instanceXml = (id: string, host: string, more: string) =>
  `<DBInstance><DBInstanceIdentifier>${id}</DBInstanceIdentifier>${more}<Engine>postgres</Engine><DBInstanceStatus>available</DBInstanceStatus><Endpoint><Address>${host}</Address><Port>5432</Port><HostedZoneId>Z</HostedZoneId></Endpoint><DBSubnetGroup><DBSubnetGroupName>private</DBSubnetGroupName><SubnetGroupStatus>Complete</SubnetGroupStatus></DBSubnetGroup>${network}<LatestRestorableTime>2026-11-21T15:55:00Z</LatestRestorableTime></DBInstance>`
const instances: Readonly<Record<string, string>> = {
  shop: instanceXml('shop', hosts.instance, ''),
  'orders-1': instanceXml('orders-1', hosts.member, '<DBClusterIdentifier>orders</DBClusterIdentifier>'),
}
const cluster = `<DBCluster><DBClusterIdentifier>orders</DBClusterIdentifier><Status>available</Status><Engine>aurora-postgresql</Engine><Endpoint>${hosts.cluster}</Endpoint><ReaderEndpoint>orders.cluster-ro-abcdefghijkl.${region}.rds.amazonaws.com</ReaderEndpoint><DBClusterMembers><DBClusterMember><DBInstanceIdentifier>orders-1</DBInstanceIdentifier><IsClusterWriter>true</IsClusterWriter></DBClusterMember></DBClusterMembers><DBSubnetGroup>private</DBSubnetGroup>${network}<EarliestRestorableTime>2026-11-20T00:00:00Z</EarliestRestorableTime><LatestRestorableTime>2026-11-21T15:59:00Z</LatestRestorableTime></DBCluster>`
