import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prismaMajors } from '../lab/prisma.ts'
import { labClientPath } from '../lab/clients.ts'
import { query } from '../lab/query.ts'
import { tempFolder } from '../lab/temp.ts'
import { airlock, bundle } from './airlock.ts'
import { canSeeProcesses, processes, until } from './processes.ts'
import { additive, openShop, pendingName, type Shop, shopProject } from './shop.ts'

/** Whatever is done to a password with these characters, its middle stays readable: that is what must be nowhere. */
const core = 'Xq7vaultKz'
const password = `p:a/s@s w%\\o#r?d'"$&${core}=<ü>`

let shop: Shop
beforeAll(async () => {
  shop = await openShop(17)
  await query(
    shop.server.superuserUrl(),
    `CREATE ROLE clerk LOGIN CREATEDB PASSWORD '${password.replaceAll("'", "''")}'; GRANT app_owner TO clerk`,
  )
})
afterAll(() => shop[Symbol.asyncDispose]())

function clerkUrl(database: string): string {
  return shop.server.ownerUrl(database).replace(/\/\/[^@]*@/, `//clerk:${encodeURIComponent(password)}@`)
}

/** Looks at every command line on the machine until it is stopped. */
function watchCommandLines(): { readonly stop: () => readonly string[] } {
  const seen = new Set<string>()
  const look = () => {
    for (const { pid, commandLine } of processes()) if (pid !== process.pid) seen.add(commandLine)
  }
  const timer = canSeeProcesses ? setInterval(look, 15) : undefined
  return {
    stop: () => {
      clearInterval(timer)
      return [...seen]
    },
  }
}

async function filesUnder(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const names = existsSync(folder) ? await readdir(folder, { recursive: true, withFileTypes: true }) : []
  const paths = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path)] as const)))
}

function expectNowhere(texts: Readonly<Record<string, string>>): void {
  for (const [where, text] of Object.entries(texts)) {
    const at = text.indexOf(core)
    expect(at === -1 ? undefined : `${where}: …${text.slice(Math.max(0, at - 200), at + 60)}…`).toBeUndefined()
  }
}

const failing = 'ALTER TABLE "User" ALTER COLUMN "email" TYPE INT USING "email"::int;\n'

describe.each(prismaMajors)('Prisma %i', (prisma) => {
  test.each([
    ['a deploy that is applied', additive, 'text', 0],
    ['a deploy that fails on the data', failing, 'json', 4],
  ])('%s shows the password to nobody', async (_title, sql, format, exitCode) => {
    const database = await shop.copy()
    await using project = await shopProject(sql, { backup: 'pg_dump' }, prisma)
    const watch = watchCommandLines()
    const run = await airlock(['deploy', '--prisma-engine', 'wasm', '--format', format], {
      cwd: project.path,
      databaseUrl: clerkUrl(database),
    })
    const commandLines = watch.stop()
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode })
    const files = await filesUnder(join(project.path, '.airlock'))
    const names = [...files.keys()].map((path) => path.replace(/^.*\./, ''))
    expect(names.sort()).toEqual(['dump', 'gitignore', 'json', 'json', 'md'])
    expectNowhere({ stdout: run.stdout, stderr: run.stderr, names: [...files.keys()].join('\n') })
    for (const [path, content] of files) expectNowhere({ [path]: content.toString('latin1') })
    if (!canSeeProcesses) return
    // Seen at work: the program itself, Prisma, its engine and pg_dump.
    for (const program of ['airlock.mjs deploy', 'migrate deploy', 'schema-engine', 'pg_dump --format']) {
      expect(commandLines.some((line) => line.includes(program))).toBe(true)
    }
    for (const line of commandLines) expectNowhere({ 'a command line': line })
  })
})
