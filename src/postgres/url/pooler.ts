import { networkOf } from './network.ts'
import { example, problem, setting, type UrlProblem } from './say.ts'

/** The places of a URL that can give a pooler away. */
export interface Target {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  readonly parameters: ReadonlyMap<string, string>
}

export interface Pooler {
  readonly name: string
  /** What in the URL says so. */
  readonly sign: string
  readonly direct: string
  /** The URL that goes past the pooler, where it can be told. */
  readonly instead: string | undefined
}

interface KnownPooler {
  readonly applies: (target: Target) => boolean
  readonly describe: (target: Target) => Pooler
}

const defaultPort = 5432

/** Ports that poolers listen on by default: PgBouncer and PgCat 6432, Supavisor 6543. */
const poolerPorts: ReadonlySet<number> = new Set([6432, 6543])

const poolerNames = /(?:^|[.\-_])(pgbouncer|pgcat|pgpool|pgdog|supavisor|odyssey)(?:[.\-_\d]|$)/i

const known: readonly KnownPooler[] = [
  {
    applies: ({ host, port }) => /\.supabase\.(?:co|com)$/.test(host) && port === 6543,
    describe: (target) => {
      const project = /^postgres\.([a-z0-9]+)$/.exec(target.user)?.[1]
      const direct =
        project === undefined ? '' : ` (or the direct one, \`db.${project}.supabase.co:5432\`, from a runner with IPv6)`
      return {
        name: 'Supabase’s pooler in transaction mode',
        sign: `port ${target.port} of \`${target.host}\``,
        direct: `Use port 5432, the session mode${direct}:`,
        instead: exampleOf(target, { port: defaultPort }),
      }
    },
  },
  {
    applies: ({ host }) => host.includes('-pooler.'),
    describe: (target) => ({
      name: /\.neon\.(?:tech|build)$/.test(target.host) ? 'Neon’s pooler' : 'a pooler',
      sign: `\`-pooler\` in \`${target.host}\``,
      direct: 'Remove `-pooler` from the host:',
      instead: exampleOf(target, { host: target.host.replace('-pooler.', '.') }),
    }),
  },
  {
    applies: ({ host }) => host === 'pooled.db.prisma.io',
    describe: (target) => ({
      name: 'the pooler of Prisma Postgres',
      sign: `the host \`${target.host}\``,
      direct: 'Use the direct host:',
      instead: exampleOf(target, { host: 'db.prisma.io' }),
    }),
  },
  {
    applies: ({ host, port }) => host.endsWith('.db.ondigitalocean.com') && port === 25061,
    describe: (target) => ({
      name: 'a DigitalOcean connection pool',
      sign: `port ${target.port}`,
      direct: 'Use port 25060 and the name of the database instead of the name of the pool:',
      instead: example({ user: target.user, host: target.host, port: 25060 }),
    }),
  },
  {
    applies: ({ host }) => /\.proxy-[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com(?:\.cn)?$/.test(host),
    describe: (target) => ({
      name: 'an RDS Proxy',
      sign: `\`.proxy-\` in \`${target.host}\``,
      direct: 'Use the endpoint of the instance or the writer endpoint of the cluster, as the RDS console shows it.',
      instead: undefined,
    }),
  },
  {
    applies: ({ host, port }) => host.endsWith('.db.postgresbridge.com') && port === 5431,
    describe: (target) => ({
      name: 'Crunchy Bridge’s PgBouncer',
      sign: `port ${target.port}`,
      direct: 'Use port 5432:',
      instead: exampleOf(target, { port: defaultPort }),
    }),
  },
  {
    applies: ({ host }) => poolerNames.test(host),
    describe: (target) => ({
      name: poolerNames.exec(target.host)?.[1] ?? 'a pooler',
      sign: `the host name \`${target.host}\``,
      direct: 'Use the host of the PostgreSQL server behind it.',
      instead: undefined,
    }),
  },
  {
    // On the machine itself any port can be anything: a container mapped to 6432 is no pooler.
    applies: ({ host, port }) => poolerPorts.has(port) && networkOf(host) !== 'local',
    describe: (target) => ({
      name: 'a pooler',
      sign: `port ${target.port}, where PgBouncer, PgCat and Supavisor listen`,
      direct: 'Use the port of the PostgreSQL server itself, usually 5432:',
      instead: exampleOf(target, { port: defaultPort }),
    }),
  },
  {
    applies: ({ parameters }) => /^(?:true|1)$/i.test(parameters.get('pgbouncer') ?? ''),
    describe: () => ({
      name: 'PgBouncer',
      sign: '`pgbouncer=true`',
      direct: 'Use the URL of the PostgreSQL server itself, without `pgbouncer=true`.',
      instead: undefined,
    }),
  },
]

export function poolerOf(target: Target): Pooler | undefined {
  return known.find((one) => one.applies(target))?.describe(target)
}

export function refusePooler(target: Target, variable: string): UrlProblem | undefined {
  const pooler = poolerOf(target)
  if (pooler === undefined) return undefined
  const alternative =
    variable === 'DATABASE_URL' || variable === 'database-url'
      ? [
          'Keep the pooled URL for the application and give the direct one to Airlock as DIRECT_URL (input `direct-url`).',
        ]
      : []
  return problem(
    'URL.POOLED',
    `\`${variable}\` goes through ${pooler.name}.`,
    `The sign is ${pooler.sign}. A pooler hands each transaction to another connection, so a session lock, a \`lock_timeout\` and a consistent dump cannot be relied on.`,
    [
      pooler.direct,
      ...(pooler.instead === undefined
        ? [setting('DIRECT_URL', shownOf(target))]
        : [`${nameFor(variable)}=${pooler.instead}`]),
      ...alternative,
    ],
  )
}

function nameFor(variable: string): string {
  return /^DATABASE_URL$|^database-url$/.test(variable) ? 'DIRECT_URL' : variable
}

function shownOf(target: Target) {
  return { user: target.user, database: target.database }
}

function exampleOf(target: Target, change: { readonly host?: string; readonly port?: number }): string {
  return example({ user: target.user, host: target.host, port: target.port, database: target.database, ...change })
}
