import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prismaMajors } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { tempFolder } from '../lab/temp.ts'
import { airlock } from './airlock.ts'
import { hold } from './held-session.ts'
import { canSeeProcesses, processes, until } from './processes.ts'
import { additive, openShop, type Shop, shopProject } from './shop.ts'

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

const runner = {
  GITHUB_ACTIONS: 'true',
  GITHUB_EVENT_NAME: 'release',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_RUN_ID: '42',
  GITHUB_ACTOR: 'somebody',
  GITHUB_REPOSITORY: 'shop/shop',
  GITHUB_REF: 'refs/tags/v1.0.0',
  GITHUB_SHA: '0'.repeat(40),
}

describe('as a step of a workflow', () => {
  test.each([
    ['a deploy that is applied', additive, clerkUrl, 'applied'],
    ['a deploy that fails on the data', failing, clerkUrl, 'recovered'],
    ['a URL with the password as it is', additive, unescapedUrl, 'failed'],
    [
      'a URL with a wrong password',
      additive,
      (database: string) => clerkUrl(database).replace('clerk', 'app_owner'),
      'failed',
    ],
  ])('%s shows the password in its masks only', async (_title, sql, url, outcome) => {
    const database = await shop.copy()
    await using folder = await tempFolder()
    await using project = await shopProject(sql, { backup: 'pg_dump' })
    const [output, summary] = [join(folder.path, 'output'), join(folder.path, 'summary')]
    const given = { command: 'deploy', 'database-url': url(database), 'prisma-engine': 'wasm' }
    const watch = watchCommandLines()
    const run = await airlock([], {
      program: 'action.mjs',
      cwd: project.path,
      env: {
        ...runner,
        GITHUB_WORKSPACE: project.path,
        RUNNER_TEMP: folder.path,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        AIRLOCK_INPUTS: JSON.stringify(given),
      },
    })
    const commandLines = watch.stop()
    expect(await readFile(output, 'utf8')).toMatch(new RegExp(`^outcome<<(.*)\\n${outcome}\\n\\1$`, 'm'))
    const [masks, shown] = partition(run.stdout.split('\n'), (line) => line.startsWith('::add-mask::'))
    expect(masks.some((line) => line.includes(core))).toBe(true)
    // Each spelling on its own: the runner hides what it is told and nothing else.
    for (const spelling of [url(database), password, encodeURIComponent(password)]) {
      if (url(database).includes(spelling) || url === clerkUrl)
        expect(masks.map(unescapeData)).toContain(`::add-mask::${spelling}`)
    }
    expectNowhere({ stdout: shown.join('\n'), stderr: run.stderr })
    for (const [path, content] of await filesUnder(folder.path)) {
      expectNowhere({ 'a file name': path, [path]: content.toString('latin1') })
    }
    for (const line of commandLines) expectNowhere({ 'a command line': line })
    expect((await readdir(folder.path)).filter((name) => name.startsWith('airlock-run-'))).toEqual([])
  })
})

test('a step that is killed in the middle of a dump leaves no password behind its clean-up', async () => {
  const database = await shop.copy()
  await using folder = await tempFolder()
  await using project = await shopProject(additive, { backup: 'pg_dump', lockTimeout: '60s' })
  const superuser = shop.server.superuserUrl(database)
  await query(superuser, 'CREATE TABLE "Archive" (id INT); ALTER TABLE "Archive" OWNER TO app_owner')
  const env = {
    ...runner,
    GITHUB_WORKSPACE: project.path,
    RUNNER_TEMP: folder.path,
    TMPDIR: folder.path,
    AIRLOCK_INPUTS: JSON.stringify({ command: 'deploy', 'database-url': clerkUrl(database), 'prisma-engine': 'wasm' }),
  }
  {
    await using _held = await hold(superuser, 'BEGIN; LOCK "Archive" IN ACCESS EXCLUSIVE MODE')
    let pid = 0
    const step = airlock([], { program: 'action.mjs', cwd: project.path, env, onStart: (started) => (pid = started) })
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE%'`
    await until('pg_dump waits', async () => (await query(superuser, waiting)).length > 0)
    expect(await filesWithPassword(folder.path)).not.toEqual([])
    process.kill(pid, 'SIGKILL')
    await step
  }
  const cleaned = await airlock(['cleanup'], { program: 'action.mjs', cwd: project.path, env })
  expect(cleaned).toMatchObject({ exitCode: 0 })
  // What the janitor takes away it takes away beside the clean-up, once pg_dump is gone.
  await expect.poll(() => filesWithPassword(folder.path), { timeout: 15_000 }).toEqual([])
  for (const path of (await filesUnder(folder.path)).keys()) expectNowhere({ 'a file name': path })
})

async function filesWithPassword(folder: string): Promise<readonly string[]> {
  const found = await filesUnder(folder)
  return [...found].filter(([, content]) => content.includes(core)).map(([path]) => path)
}

function unescapedUrl(database: string): string {
  // A function, because in a text `$&` would be a pattern.
  return clerkUrl(database).replace(encodeURIComponent(password), () => password)
}

/** What the runner makes of the data of a workflow command. */
function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

function partition<Item>(items: readonly Item[], holds: (item: Item) => boolean): readonly [Item[], Item[]] {
  return [items.filter(holds), items.filter((item) => !holds(item))]
}
