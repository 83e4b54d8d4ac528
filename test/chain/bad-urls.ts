import type { FailureCode } from '../../src/errors.ts'

/** A password that nothing else on the machine spells, with characters that a URL must encode. */
export const secret = 'Zw9/qT:kk@Lm#vault%81'
const encoded = encodeURIComponent(secret)

/** Each way in which a connection URL is wrong, and the code it must be told with. */
export const badUrls: readonly (readonly [title: string, url: string | undefined, code: FailureCode])[] = [
  ['that is not set', undefined, 'URL.MISSING'],
  ['that is empty', '', 'URL.EMPTY'],
  ['that is white space', ' \n', 'URL.EMPTY'],
  ['with a shell default', `\${DATABASE_URL:-postgres://app:${encoded}@db.example.org/shop}`, 'URL.UNEXPANDED'],
  ['with a shell error', `\${DATABASE_URL:?${encoded}}`, 'URL.UNEXPANDED'],
  ['that is a shell variable', '$DATABASE_URL', 'URL.UNEXPANDED'],
  ['with a braced variable for the password', `postgresql://app:\${DB_PASSWORD}@10.0.0.5/shop`, 'URL.UNEXPANDED'],
  ['with a variable for the host', `postgresql://app:${encoded}@$DB_HOST:5432/shop`, 'URL.UNEXPANDED'],
  ['with a command substitution', 'postgresql://app:$(cat /run/secrets/db)@10.0.0.5/shop', 'URL.UNEXPANDED'],
  ['with an expression of a workflow', `\${{ secrets.DATABASE_URL }}`, 'URL.UNEXPANDED'],
  ['with a template', 'postgresql://app:{{ password }}@10.0.0.5/shop', 'URL.UNEXPANDED'],
  ['with a variable of Windows', '%DATABASE_URL%', 'URL.UNEXPANDED'],
  ['in double quotes', `"postgresql://app:${encoded}@10.0.0.5/shop"`, 'URL.QUOTED'],
  ['in single quotes', `'postgresql://app:${encoded}@10.0.0.5/shop'`, 'URL.QUOTED'],
  ['with a quote left at its end', `postgresql://app:${encoded}@10.0.0.5/shop"`, 'URL.QUOTED'],
  ['with change_this_password', 'postgresql://app:change_this_password@10.0.0.5/shop', 'URL.PLACEHOLDER'],
  ['with [YOUR-PASSWORD]', 'postgresql://app:[YOUR-PASSWORD]@10.0.0.5/shop', 'URL.PLACEHOLDER'],
  ['for MySQL', `mysql://app:${encoded}@10.0.0.5:3306/shop`, 'URL.WRONG_SCHEME'],
  ['for Prisma Accelerate', `prisma://accelerate.prisma-data.net/?api_key=${encoded}`, 'URL.WRONG_SCHEME'],
  ['for a local Prisma Postgres', `prisma+postgres://localhost:51213/?api_key=${encoded}`, 'URL.WRONG_SCHEME'],
  ['without a database', `postgresql://app:${encoded}@10.0.0.5:5432`, 'URL.NO_DATABASE'],
  ['with a slash and no database', `postgresql://app:${encoded}@10.0.0.5:5432/?schema=public`, 'URL.NO_DATABASE'],
  ['without a user', 'postgresql://10.0.0.5/shop', 'URL.NO_USER'],
  ['with the password as it is', `postgresql://app:${secret}@10.0.0.5/shop`, 'URL.UNESCAPED'],
  ['with an @ in the password', 'postgresql://app:Zw9@qT-vault81@10.0.0.5/shop', 'URL.UNESCAPED'],
  ['with a # in the password', 'postgresql://app:Zw9#qT-vault81@10.0.0.5/shop', 'URL.UNESCAPED'],
  ['with a / in the password', 'postgresql://app:Zw9/qT-vault81@10.0.0.5/shop', 'URL.UNESCAPED'],
  ['with a ? in the password', 'postgresql://app:Zw9?qT-vault81@10.0.0.5/shop', 'URL.UNESCAPED'],
  ['with a lone % in the password', 'postgresql://app:Zw9%qT-vault81@10.0.0.5/shop', 'URL.UNESCAPED'],
  ['of a pooler by its port', `postgresql://app:${encoded}@aws-0.pooler.supabase.com:6543/postgres`, 'URL.POOLED'],
  ['of a pooler by pgbouncer=true', `postgresql://app:${encoded}@10.0.0.5/shop?pgbouncer=true`, 'URL.POOLED'],
  [
    'of a pooler by its host',
    `postgresql://app:${encoded}@ep-cool-1234-pooler.eu-central-1.aws.neon.tech/shop?sslmode=require`,
    'URL.POOLED',
  ],
  ['without TLS over a public network', `postgresql://app:${encoded}@db.shop.io/shop?sslmode=disable`, 'URL.NO_TLS'],
  ['that is two', `postgresql://app:${encoded}@10.0.0.5/a,postgresql://app:${encoded}@10.0.0.6/b`, 'URL.MALFORMED'],
  ['that is a command', `psql "postgresql://app:${encoded}@10.0.0.5/shop"`, 'URL.MALFORMED'],
]

/** What of the table may never be printed. */
export const urlSecrets = [secret, 'qT-vault81', 'vault%81', 'vault']
