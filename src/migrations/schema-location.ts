import { existsSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, extname, join, relative, resolve } from 'node:path'
import { fail } from '../errors.ts'
import { shellWord } from '../postgres/quoting.ts'
import { readRegularFile, readRegularText } from '../regular-file.ts'
import { foldersUpwards } from './prisma-package.ts'
import { hasDatasource } from './schema-file.ts'

/** A Prisma schema: one file, or a folder of them. */
export interface SchemaLocation {
  readonly path: string
  /** Where default paths begin: the folder itself, or that of the file. */
  readonly folder: string
  /** The folder of the file with the `datasource` block, which is where Prisma 6 keeps its migrations. */
  readonly datasourceFolder: string
  readonly texts: readonly string[]
  /** Prisma does not look there by itself and has to be told with `--schema`. */
  readonly mustBeNamed: boolean
}

/** `configured`: an absolute path from the configuration. */
export async function locateSchema(
  root: string,
  configured: string | undefined,
  major: number | undefined,
): Promise<SchemaLocation | undefined> {
  if (configured !== undefined) return await readLocation(root, configured, 'the configuration')
  // Prisma 7 no longer reads its settings from package.json.
  const packaged = major === 7 ? undefined : await schemaOfPackage(root)
  if (packaged !== undefined) return await readLocation(root, packaged, 'package.json')
  for (const file of ['schema.prisma', 'prisma/schema.prisma']) {
    const path = join(root, file)
    if (isFile(path)) return await read(root, path, false)
  }
  const folder = join(root, 'prisma/schema')
  return existsSync(folder) ? await read(root, folder, true) : undefined
}

async function readLocation(root: string, path: string, namedBy: string): Promise<SchemaLocation> {
  if (existsSync(path)) return await read(root, path, false)
  throw fail('PROJECT.NO_SCHEMA', {
    what: `There is no Prisma schema at \`${relative(root, path)}\`.`,
    why: `That is the path in ${namedBy}, and nothing exists there.`,
    next: ['Correct the path, or run in the folder of the Prisma project: --cwd path/to/project'],
  })
}

async function read(root: string, path: string, mustBeNamed: boolean): Promise<SchemaLocation> {
  const files = isFile(path) ? [path] : await schemaFilesIn(path)
  const texts = await Promise.all(files.map((file) => readText(root, file)))
  const owner = files[texts.findIndex(hasDatasource)]
  const folder = isFile(path) ? dirname(path) : path
  return { path, folder, datasourceFolder: owner === undefined ? folder : dirname(owner), texts, mustBeNamed }
}

/** All of them, in folders below as well (@prisma/schema-files-loader). */
async function schemaFilesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true })
  return entries
    .filter((name) => extname(name) === '.prisma')
    .sort()
    .map((name) => join(folder, name))
}

/** The engine panics on a schema that is not UTF-8, and `migrate deploy` still exits with 0 (prisma/prisma #30198). */
async function readText(root: string, file: string): Promise<string> {
  const bytes = await readRegularFile(file)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    const shown = relative(root, file)
    throw fail(
      'PROJECT.SCHEMA_UNREADABLE',
      {
        what: `\`${shown}\` is not UTF-8.`,
        why: 'Prisma’s schema engine stops at such a file, while `prisma migrate deploy` applies nothing and reports success.',
        next: [
          'If it was saved in the Western European encoding of Windows, convert it:',
          `iconv -f WINDOWS-1252 -t UTF-8 ${shellWord(shown)} > ${shellWord(`${shown}.utf8`)} && mv ${shellWord(`${shown}.utf8`)} ${shellWord(shown)}`,
        ],
      },
      { cause: error },
    )
  }
}

/** `package.json#prisma.schema` of the nearest package, relative to it (Prisma 6). */
async function schemaOfPackage(root: string): Promise<string | undefined> {
  const folder = foldersUpwards(root).find((one) => isFile(join(one, 'package.json')))
  if (folder === undefined) return undefined
  const path = join(folder, 'package.json')
  let content: unknown
  try {
    content = JSON.parse(await readRegularText(path))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw fail(
      'PROJECT.CONFIG_UNREADABLE',
      {
        what: `\`${relative(root, path) || path}\` is not JSON.`,
        why: error.message,
        next: [
          `Correct it: node -e ${shellWord(`JSON.parse(require("fs").readFileSync(${JSON.stringify(path)}, "utf8"))`)}`,
        ],
      },
      { cause: error },
    )
  }
  const schema = property(property(content, 'prisma'), 'schema')
  return typeof schema === 'string' ? resolve(folder, schema) : undefined
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
