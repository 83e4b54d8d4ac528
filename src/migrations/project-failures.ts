import { relative } from 'node:path'
import { type FailureError, fail, messageOf } from '../errors.ts'
import { shellWord } from '../postgres/quoting.ts'
import { errnoOf } from './errno.ts'

/** What can keep a Prisma project from being understood, each with the way past it. */

interface Unreadable {
  readonly source: string
  readonly line: number
}

/** An expression could contain a URL that somebody wrote out: then it is not repeated. */
function shownSource({ source }: Unreadable): string {
  const oneLine = source.replace(/\s+/g, ' ').trim()
  if (oneLine.includes('://')) return 'an expression that contains a URL'
  return `\`${oneLine.length > 80 ? `${oneLine.slice(0, 77)}…` : oneLine}\``
}

export function noProject(root: string, isFile: boolean): FailureError {
  return fail('PROJECT.NOT_FOUND', {
    what: `There is no folder \`${root}\`.`,
    why: isFile
      ? 'What exists at that path is a file.'
      : 'Nothing exists at that path. In a workflow the repository has to be checked out first.',
    next: ['Check `working-directory` (or `--cwd`) and, in a workflow, that `actions/checkout` ran before this step.'],
  })
}

/** What the operating system refused, with the path that it names; `undefined` for anything else, which is a bug. */
export function unreadableFile(error: unknown): FailureError | undefined {
  if (errnoOf(error) === '' || !(error instanceof Error) || !('path' in error)) return undefined
  const path = String(error.path)
  return fail(
    'PROJECT.UNREADABLE',
    {
      what: `\`${path}\` cannot be read.`,
      why: `${messageOf(error)}.`,
      next: [`Check what it is and who may read it: ls -ld ${shellWord(path)}`],
    },
    { cause: error },
  )
}

export function noSchema(root: string): FailureError {
  return fail('PROJECT.NO_SCHEMA', {
    what: 'No Prisma schema was found.',
    why: `Looked in ${root} for a path in prisma.config.ts or package.json, then for schema.prisma, prisma/schema.prisma and prisma/schema/.`,
    next: ['Run in the folder of the Prisma project: --cwd path/to/project'],
  })
}

export function unreadableSetting(file: string, name: string, setting: Unreadable): FailureError {
  return fail('PROJECT.CONFIG_UNREADABLE', {
    what: `\`${name}\` in \`${file}\` cannot be told without running the file.`,
    why: `Line ${setting.line} has ${shownSource(setting)}. Airlock reads the configuration and never runs it: with the credentials of a deploy in reach, it is not its place to start the project's code.`,
    next: [
      'Name the folder: --migrations path/to/prisma/migrations (input `migrations`)',
      `Or write it as a text: ${name === 'schema' ? "schema: 'prisma/schema.prisma'" : "migrations: { path: 'prisma/migrations' }"}`,
    ],
  })
}

export function anotherFolder(root: string, given: string, own: string): FailureError {
  return fail('USAGE.INVALID', {
    what: `\`--migrations\` names \`${relative(root, given) || '.'}\`, and Prisma applies \`${relative(root, own)}\`.`,
    why: 'The plan would be made from one folder and another one applied.',
    next: [
      'Leave `--migrations` out.',
      `Or let Prisma use the same folder, in prisma.config.ts: migrations: { path: '${relative(root, given)}' }`,
    ],
  })
}

export function noDatasource(
  schema: string,
  reading: { readonly kind: 'none' } | { readonly kind: 'several'; readonly count: number },
): FailureError {
  return fail('PROJECT.SCHEMA_UNREADABLE', {
    what:
      reading.kind === 'none'
        ? `\`${schema}\` has no \`datasource\` block.`
        : `\`${schema}\` has ${reading.count} \`datasource\` blocks.`,
    why: 'A Prisma schema has exactly one; it says which database it is for.',
    next: ['Check it with Prisma: npx prisma validate'],
  })
}

export function notPostgresql(schema: string, provider: string): FailureError {
  return fail('PROJECT.NOT_POSTGRESQL', {
    what:
      provider === ''
        ? `The datasource in \`${schema}\` has no provider.`
        : `The provider in \`${schema}\` is \`${provider}\`.`,
    why: 'Airlock takes migrations to PostgreSQL only.',
    next: ['Run in the folder of the project that uses PostgreSQL: --cwd path/to/project', 'provider = "postgresql"'],
  })
}

export function noConfig(root: string): FailureError {
  return fail('PROJECT.URL_NOT_FROM_ENV', {
    what: 'The project has Prisma 7 and no prisma.config.ts.',
    why: `Prisma 7 reads its connection URL from there and from nowhere else; none was found in ${root}.`,
    next: ['Create prisma.config.ts:', configExample],
  })
}

export function noUrl(where: string, configFile: string | undefined): FailureError {
  return fail('PROJECT.URL_NOT_FROM_ENV', {
    what: `${capitalized(where)} names no connection URL.`,
    why: configFile === where ? '`datasource.url` is not in it.' : 'The `datasource` block has no `url`.',
    next:
      configFile === where
        ? ['Add it:', configExample]
        : ['Add it to the `datasource` block:', 'url = env("DATABASE_URL")'],
  })
}

export function unreadableUrl(where: string, name: string, setting: Unreadable): FailureError {
  return fail('PROJECT.URL_NOT_FROM_ENV', {
    what: `Where \`${name}\` in ${where} comes from cannot be told without running it.`,
    why: `Line ${setting.line} has ${shownSource(setting)}. Airlock has to hand its own connection to Prisma, with a lock timeout in it, through the variable that Prisma reads.`,
    next: ['Read it from the environment directly:', envLine(where, name)],
  })
}

export function writtenOutUrl(where: string, name: string): FailureError {
  return fail('PROJECT.URL_NOT_FROM_ENV', {
    what: `\`${name}\` in ${where} is written out instead of read from the environment.`,
    why: 'Every environment would be deployed to the same database, and the password is in the repository.',
    next: ['Read it from the environment, and change the password that was committed:', envLine(where, name)],
  })
}

export function driverAdapter(file: string): FailureError {
  return fail('PROJECT.URL_NOT_FROM_ENV', {
    what: `\`${file}\` connects through a driver adapter (\`engine: 'js'\`).`,
    why: 'Prisma then takes no connection URL, so Airlock cannot tell where the migrations would go.',
    next: ["Use the schema engine for migrations: engine: 'classic', datasource: { url: env('DATABASE_URL') }"],
  })
}

const configExample = `import { defineConfig, env } from 'prisma/config'
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: env('DATABASE_URL') },
})`

function capitalized(text: string): string {
  return text.startsWith('the ') ? `T${text.slice(1)}` : `\`${text}\``
}

function envLine(where: string, name: string): string {
  const variable = name === 'url' ? 'DATABASE_URL' : 'DIRECT_URL'
  return where === 'the Prisma schema' ? `${name} = env("${variable}")` : `${name}: env('${variable}')`
}
