import { createDatabaseSql, type DatabaseTraits } from '../../../postgres/create-database.ts'
import { shellWord } from '../../../postgres/quoting.ts'
import { needsTolerance } from '../../../postgres/transaction-timeout.ts'
import { dumpNameOf, type Manifest } from '../manifest.ts'

type Stored = Pick<Manifest, 'format' | 'encryption' | 'files'>

/** For the day on which there is no Airlock: with what every PostgreSQL installation has, and `age` where it is encrypted. */
export function instructionsByHand(
  stored: Stored,
  source: DatabaseTraits & { readonly serverMajor: number },
  clientMajor: number,
): readonly string[] {
  const create = createDatabaseSql('NEW_DATABASE', source, source.serverMajor)
  const tolerant = needsTolerance(clientMajor, source.serverMajor)
  const dump = shellWord(dumpNameOf(stored))
  return [
    `# pg_restore ${clientMajor} or newer; PGHOST, PGPORT and PGUSER in the environment`,
    ...checkFiles(stored),
    ...decrypt(stored),
    `psql --dbname=postgres --command=${shellWord(create)}`,
    ...(tolerant
      ? [`# on PostgreSQL ${source.serverMajor} exactly one error is expected: transaction_timeout is not known there`]
      : []),
    `pg_restore ${tolerant ? '' : '--exit-on-error '}--dbname=NEW_DATABASE ${dump}`,
    'vacuumdb --analyze-only --dbname=NEW_DATABASE',
    ...(stored.encryption === null ? [] : [`rm -r ${dump}`]),
  ]
}

function checkFiles({ files }: Stored): readonly string[] {
  const lines = files.map(({ name, sha256 }) => `${sha256}  ${name}`)
  const [only] = lines
  if (lines.length === 1 && only !== undefined) return [`echo ${shellWord(only)} | sha256sum --check`]
  return ["sha256sum --check --quiet <<'END'", ...lines, 'END']
}

function decrypt({ encryption, files, ...stored }: Stored): readonly string[] {
  if (encryption === null) return []
  const sealed = shellWord(files[0]?.name ?? '')
  const dump = dumpNameOf({ ...stored, files, encryption })
  return [
    '# IDENTITY_FILE has the secret key of one of these recipients:',
    ...encryption.recipients.map((recipient) => `# ${recipient}`),
    'umask 077',
    // `set -o pipefail` is not in every sh, so the archive is written first: tar alone would take one that was cut.
    ...(stored.format === 'directory'
      ? [
          `age --decrypt --identity IDENTITY_FILE --output ${shellWord(`${dump}.tar`)} ${sealed}`,
          `echo ${shellWord(`${encryption.plain.sha256}  ${dump}.tar`)} | sha256sum --check`,
          `tar -xf ${shellWord(`${dump}.tar`)} && rm ${shellWord(`${dump}.tar`)}`,
        ]
      : [
          `age --decrypt --identity IDENTITY_FILE --output ${shellWord(dump)} ${sealed}`,
          `echo ${shellWord(`${encryption.plain.sha256}  ${dump}`)} | sha256sum --check`,
        ]),
  ]
}
