import { problem, setting, type UrlProblem } from './say.ts'

const otherDatabases: ReadonlyMap<string, string> = new Map([
  ['mysql', 'a MySQL URL'],
  ['mariadb', 'a MariaDB URL'],
  ['mongodb', 'a MongoDB URL'],
  ['mongodb+srv', 'a MongoDB URL'],
  ['sqlserver', 'a SQL Server URL'],
  ['file', 'a SQLite file'],
  ['sqlite', 'a SQLite file'],
  ['libsql', 'a libSQL URL'],
  ['cockroachdb', 'a CockroachDB URL'],
  ['redis', 'a Redis URL'],
  ['rediss', 'a Redis URL'],
])

/** PostgreSQL is behind these, but no PostgreSQL client can open them. */
const otherDoors: ReadonlyMap<string, readonly [why: string, instead: string]> = new Map([
  [
    'prisma',
    [
      'It is a Prisma Accelerate URL, which carries queries over HTTP and no migrations.',
      'Use the direct URL of the database behind it:',
    ],
  ],
  [
    'prisma+postgres',
    [
      'It is the URL of Prisma Postgres or of `prisma dev`, which no PostgreSQL client can open.',
      'Copy the direct connection of the database from the Prisma Console (it starts with `postgres://`):',
    ],
  ],
  ['jdbc', ['It is a JDBC URL.', 'Remove `jdbc:` and put user and password in front of the host:']],
  ['http', ['It is the address of a web page.', 'Copy the connection string that the provider shows for PostgreSQL:']],
  ['https', ['It is the address of a web page.', 'Copy the connection string that the provider shows for PostgreSQL:']],
])

export function wrongScheme(text: string, variable: string): UrlProblem | undefined {
  if (/^postgres(?:ql)?:\/\//i.test(text)) return undefined
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase()
  const known = scheme === undefined ? undefined : explain(scheme)
  if (known !== undefined) {
    const [why, instead] = known
    return problem('URL.WRONG_SCHEME', `\`${variable}\` starts with \`${scheme}:\`.`, why, [instead, setting(variable)])
  }
  if (scheme === 'postgres' || scheme === 'postgresql') {
    return problem(
      'URL.MALFORMED',
      `\`${variable}\` lacks the two slashes after \`${scheme}:\`.`,
      'A connection URL starts with `postgresql://`.',
      [setting(variable)],
    )
  }
  // Whatever stands before the first colon could be a user name or part of a password: it is not repeated.
  return problem(
    'URL.WRONG_SCHEME',
    `\`${variable}\` does not start with \`postgresql://\`.`,
    'Without the scheme it is not a connection URL, and Prisma reads nothing else.',
    ['Write the URL from its beginning:', setting(variable)],
  )
}

function explain(scheme: string): readonly [why: string, instead: string] | undefined {
  const database = otherDatabases.get(scheme)
  if (database === undefined) return otherDoors.get(scheme)
  return [`It is ${database}.`, 'Airlock takes migrations to PostgreSQL only. Use the URL of the PostgreSQL database:']
}
