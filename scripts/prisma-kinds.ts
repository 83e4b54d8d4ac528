import { readFile, writeFile } from 'node:fs/promises'
import { createProject, type LabProject, type PrismaMajor, prismaMajors } from '../test/lab/prisma.ts'
import { prismaKinds } from '../test/stages/rehearse/undo/prisma-kinds/all.ts'
import type { PrismaKind } from '../test/stages/rehearse/undo/prisma-kinds/kind.ts'
import { keyOf, type RecordedSql, recordedPath } from '../test/stages/rehearse/undo/prisma-kinds/recorded.ts'

/**
 * Has both real CLIs write every kind of migration (`migrate diff --script`) and keeps what they print, once where it is the same.
 * `--engine-6 FILE`: a schema engine of another version for CLI 6; `--all`: also what was recorded before.
 */

const url = 'postgresql://nobody@127.0.0.1:1/none'
const engine6 = argument('--engine-6')
const known = process.argv.includes('--all') ? {} : await readRecorded()
const workers = 2

interface Cli {
  readonly major: PrismaMajor
  readonly project: LabProject
}

async function main(): Promise<void> {
  await using six = await createProject({ prisma: 6 })
  await using seven = await createProject({ prisma: 7 })
  const clis: readonly Cli[] = prismaMajors.map((major) => ({ major, project: major === 6 ? six : seven }))
  const [, last] = clis
  if (last === undefined) throw new Error('Two CLIs are meant to be here')
  const befores = new Map<string, string>()
  const recorded: Record<string, RecordedSql> = {}
  const left = [...prismaKinds]
  const record = async (kind: PrismaKind) => {
    const of = keyOf(kind)
    const old = known[kind.name]
    if (old?.of === of) return old
    const side = JSON.stringify([kind.from, kind.datasource?.[0], kind.preview])
    const before = await (befores.get(side) ?? (kind.from === '' ? '' : diff(last, kind, ['', kind.from])))
    befores.set(side, before)
    const up: { by: string[]; sql: string }[] = []
    for (const cli of clis.filter(({ major }) => kind.only === undefined || major === kind.only)) {
      const sql = kind.up ?? (await diff(cli, kind, [kind.from, kind.to]))
      const same = up.find((one) => one.sql === sql)
      if (same === undefined) up.push({ by: [cli.project.prismaVersion], sql })
      else same.by.push(cli.project.prismaVersion)
    }
    return { of, before, up }
  }
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let kind = left.shift(); kind !== undefined; kind = left.shift()) {
        try {
          recorded[kind.name] = await record(kind)
        } catch (error) {
          process.exitCode = 1
          process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
        }
      }
    }),
  )
  const inOrder = Object.fromEntries(prismaKinds.map(({ name }) => [name, recorded[name]]))
  await writeFile(recordedPath, `${JSON.stringify(inOrder, undefined, 1)}\n`)
  const different = Object.entries(recorded).filter(([, { up }]) => up.length > 1)
  process.stdout.write(`${prismaKinds.length} kinds; the CLIs print other SQL for ${different.length}\n`)
  for (const [name, { up }] of different)
    process.stdout.write(`${name}\n${up.map(({ by, sql }) => `-- ${by.join(', ')}\n${sql}`).join('')}\n`)
}

let files = 0

async function diff({ major, project }: Cli, kind: PrismaKind, [from, to]: readonly [string, string]): Promise<string> {
  files += 1
  const at = files
  const [before, after] = kind.datasource ?? ['', '']
  const side = async (name: string, models: string, datasource: string) => {
    if (models === '') return [`--${name}-empty`]
    const file = `${name}-${at}.prisma`
    await project.writeFile(file, schemaOf(major, kind, models, datasource))
    return [`--${name}-schema${major === 6 ? '-datamodel' : ''}`, file]
  }
  const sides = [
    ...(await side('from', from, before)),
    // The state of before, when that is what is asked for.
    ...(await side('to', to, to === kind.from && from === '' ? before : after)),
  ]
  const { exitCode, stdout, stderr } = await project.prisma(['migrate', 'diff', ...sides, '--script'], {
    DATABASE_URL: url,
    ...(major === 6 && engine6 !== undefined ? { PRISMA_SCHEMA_ENGINE_BINARY: engine6 } : {}),
  })
  if (exitCode !== 0) throw new Error(`${kind.name}, Prisma ${major}: ${stderr}`)
  return stdout
}

function schemaOf(major: PrismaMajor, { preview = [] }: PrismaKind, models: string, datasource: string): string {
  const more = [...(major === 6 ? [`url = "${url}"`] : []), datasource].filter((line) => line !== '')
  return `generator client {
  provider = "prisma-client-js"
  previewFeatures = ${JSON.stringify(preview)}
}
datasource db {
  provider = "postgresql"
${more.map((line) => `  ${line}\n`).join('')}}

${models}`
}

async function readRecorded(): Promise<Readonly<Record<string, RecordedSql>>> {
  try {
    return JSON.parse(await readFile(recordedPath, 'utf8')) as Readonly<Record<string, RecordedSql>>
  } catch {
    return {}
  }
}

function argument(name: string): string | undefined {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : process.argv[at + 1]
}

await main()
