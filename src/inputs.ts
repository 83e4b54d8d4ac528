/**
 * The action's inputs and outputs as data. `action.yml`, the README's tables and the code that reads them are held
 * together by a contract test; a name appears nowhere else as a literal.
 */

export interface InputSpec {
  readonly description: string
  readonly default: string
  /** Values that never reach a log: masked before anything else happens. */
  readonly secret: boolean
}

export const inputs = {
  command: {
    description:
      'What to do: `check`, `plan`, `deploy`, `backup`, `rehearse`, `restore`, `prune`, `verify` or `doctor`.',
    default: 'deploy',
    secret: false,
  },
  'database-url': {
    description:
      'Connection URL of the target database, from a secret. Left empty, the environment variable that the project names is read (`DATABASE_URL` or `DIRECT_URL`).',
    default: '',
    secret: true,
  },
  'direct-url': {
    description: 'Connection URL that goes past the pooler, where `database-url` goes through one. From a secret.',
    default: '',
    secret: true,
  },
  environment: {
    description: 'The environment of `airlock.yml` whose policy applies.',
    default: 'production',
    secret: false,
  },
  confirm: {
    description: 'What the person who started a manual run typed. Must be exactly `CONFIRM` there.',
    default: '',
    secret: false,
  },
  approve: {
    description: 'The plan digest (`sha256:…`) that was approved, for a plan that can lose data.',
    default: '',
    secret: false,
  },
  planned: {
    description:
      'The plan digest that an earlier job of the same run showed. A deploy whose own plan has another digest is refused; it approves nothing.',
    default: '',
    secret: false,
  },
  through: {
    description:
      'For `plan` and `deploy`: the last pending migration to apply; those behind it stay pending. Left empty, all are applied. Needs `apply: atomic` or the bundled engine.',
    default: '',
    secret: false,
  },
  stages: {
    description:
      'For `plan` and `deploy`: `expand` applies only what comes before the first pending migration that moves rows or takes something away. Left empty, all are applied.',
    default: '',
    secret: false,
  },
  'working-directory': {
    description: 'Folder of the project, relative to the workspace.',
    default: '.',
    secret: false,
  },
  migrations: {
    description: 'Folder of the migrations, relative to `working-directory`. Left empty, it is read from the project.',
    default: '',
    secret: false,
  },
  config: {
    description: 'Path of `airlock.yml`, relative to `working-directory`.',
    default: 'airlock.yml',
    secret: false,
  },
  'base-ref': {
    description:
      'For `check` and `plan`: the git ref of the release that is running. What its Prisma Client still uses is then judged. Left empty, a pull request takes its base branch where the clone has it; otherwise that is not checked.',
    default: '',
    secret: false,
  },
  'backup-dir': {
    description: 'Folder the backup is written to. Left empty, a folder of the runner that is removed with the job.',
    default: '',
    secret: false,
  },
  store: {
    description:
      'For `deploy`, `backup` and `prune`: where backups are kept, a folder or `s3://BUCKET/PREFIX?region=…`. Left empty, `airlock.yml` decides.',
    default: '',
    secret: false,
  },
  'backup-manifest': {
    description: 'For `restore`: the manifest of the backup.',
    default: '',
    secret: false,
  },
  'restore-into': {
    description:
      'For `restore`: the name of the new database. It must not exist. Left empty, the backup is proven: restored into a scratch server and compared.',
    default: '',
    secret: false,
  },
  'backup-identity-file': {
    description:
      'For `restore`: the file with the age identity that opens an encrypted backup, relative to `working-directory`.',
    default: '',
    secret: false,
  },
  'prisma-engine': {
    description:
      'Which schema engine Prisma uses: `native` (the one Prisma downloads) or `wasm` (bundled with Airlock, for networks that cannot reach the download). Left empty, `airlock.yml` decides.',
    default: '',
    secret: false,
  },
  'slack-webhook-url': {
    description:
      'Slack incoming webhook for started, refused, applied and failed. From a secret. Left empty, nothing is sent.',
    default: '',
    secret: true,
  },
} as const satisfies Record<string, InputSpec>

export type InputName = keyof typeof inputs

export const outputs = {
  outcome:
    'How the run ended: `clear`, `needs-approval`, `blocked`, `applied`, `nothing-pending`, `refused`, `recovered`, `needs-human`, `failed` or `done`.',
  'reason-code': 'Why, as a stable code for scripts.',
  digest: 'The plan digest: what an approver approves and what `approve` takes.',
  'pending-count': 'How many migrations were pending. Empty where no plan was made.',
  'applied-count': 'How many migrations this run applied. Empty where that could not be read.',
  backup: 'Path of the backup manifest, where a backup was taken.',
  'artifact-files':
    'Files of the backup for `actions/upload-artifact`, one path a line. Empty where the backup is not encrypted: whoever reads the repository can download an artifact.',
  report: 'Path of the Markdown report. Empty where it could not be written.',
  result: 'The JSON result, cut to what an output may hold.',
} as const satisfies Record<string, string>

export type OutputName = keyof typeof outputs
