import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startJanitor } from '../../src/janitor/janitor.ts'
import { startGroup } from '../../src/process-group.ts'
import { type TempFolder, tempFolder } from '../lab/temp.ts'

let folder: TempFolder
let program: string
beforeAll(async () => {
  folder = await tempFolder('airlock-janitor-test-')
  program = join(folder.path, 'host.mjs')
  await build({
    input: fileURLToPath(new URL('./host.ts', import.meta.url)),
    platform: 'node',
    transform: { target: 'node20' },
    output: { file: program, format: 'esm' },
    logLevel: 'silent',
  })
})
const hosts: ChildProcess[] = []
afterAll(async () => {
  for (const child of hosts) child.kill('SIGKILL')
  await folder[Symbol.asyncDispose]()
})

function isAlive(processOrGroup: number): boolean {
  try {
    process.kill(processOrGroup, 0)
    // A process that nobody has waited for yet has ended all the same.
    const states = execFileSync('ps', ['-e', '-o', 'pid=,pgid=,stat='], { encoding: 'utf8' }).trim().split('\n')
    return states
      .map((line) => line.trim().split(/\s+/))
      .some(
        ([pid, pgid, state]) =>
          (pid === String(processOrGroup) || pgid === String(-processOrGroup)) && !state?.startsWith('Z'),
      )
  } catch {
    return false
  }
}

async function until(condition: () => boolean, limitMs = 5_000): Promise<boolean> {
  for (let waited = 0; waited < limitMs && !condition(); waited += 20) await sleep(20)
  return condition()
}

interface Said {
  readonly self: number
  readonly janitor: number
  readonly folder: string
  readonly file: string
  readonly kept: string
  readonly groups: readonly number[]
}

async function host(ending: string) {
  const parent = join(folder.path, `${ending}-${Math.random()}`)
  mkdirSync(parent)
  const child = spawn(process.execPath, [program, parent, ending], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  hosts.push(child)
  const exit = new Promise<number | string>((ended) =>
    child.once('exit', (code, signal) => ended(code ?? signal ?? '')),
  )
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    exit.then((code) => reject(new Error(`ended with ${code}: ${errors}`)))
  })
  return { parent, exit, child, said: JSON.parse(line) as Said }
}

async function expectClean({ said, parent }: Awaited<ReturnType<typeof host>>, limitMs?: number): Promise<void> {
  expect(await until(() => !isAlive(said.janitor), limitMs)).toBe(true)
  expect(readdirSync(parent)).toEqual(['kept'])
  expect(said.groups.filter((group) => isAlive(-group))).toEqual([])
}

describe.concurrent('a process with a janitor', () => {
  it.each([
    ['dispose', 0],
    ['exit', 0],
    ['crash', 1],
  ])('leaves neither files nor processes when it ends by "%s"', async (ending, code) => {
    const process = await host(ending)
    expect(await process.exit).toBe(code)
    await expectClean(process)
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
    'leaves neither files nor processes when %s hits it and its whole group',
    async (signal) => {
      const victim = await host('wait')
      expect(statSync(victim.said.folder).mode & 0o777).toBe(0o700)
      process.kill(-victim.said.self, signal)
      expect(await victim.exit).toBe(signal)
      await expectClean(victim)
    },
  )

  it('leaves nothing when it and all its descendants are killed, children first', async () => {
    const victim = await host('wait')
    const rows = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
    const parents = rows.map((row) => row.trim().split(/\s+/).map(Number))
    const tree = [victim.said.self]
    for (const pid of tree) tree.push(...parents.flatMap(([child = 0, parent]) => (parent === pid ? [child] : [])))
    expect(tree.length).toBeGreaterThan(2)
    expect(tree).not.toContain(victim.said.janitor)
    for (const pid of tree.toReversed()) {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL')
    }
    await victim.exit
    await expectClean(victim)
  })

  it('is cleaned up after although the janitor was asked to go before', async () => {
    const victim = await host('wait')
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.kill(victim.said.janitor, signal)
    await sleep(50)
    victim.child.kill('SIGKILL')
    await victim.exit
    await expectClean(victim)
  })

  it('has processes that do not listen killed', async () => {
    const victim = await host('stubborn')
    victim.child.kill('SIGKILL')
    await victim.exit
    await expectClean(victim, 15_000)
  })
})

describe('a janitor', () => {
  it('is there within a moment, and gone without a trace of the environment of this process', async () => {
    const startedMs = performance.now()
    const janitor = await startJanitor()
    expect(performance.now() - startedMs).toBeLessThan(1_000)
    expect(isAlive(janitor.processId)).toBe(true)
    await janitor[Symbol.asyncDispose]()
    await janitor[Symbol.asyncDispose]()
    expect(await until(() => !isAlive(janitor.processId))).toBe(true)
    await expect(janitor.removeAtEnd('/tmp/airlock-late')).rejects.toMatchObject({
      failure: { code: 'RUN.NO_JANITOR' },
    })
  })

  it('removes a folder when it is disposed of, keeps what is forgotten, and takes one back among many', async () => {
    const path = (name: string) => join(folder.path, name)
    const janitor = await startJanitor()
    const registrations = []
    for (let index = 0; index < 25; index += 1) {
      writeFileSync(path(`many-${index}`), '')
      registrations.push(await janitor.removeAtEnd(path(`many-${index}`)))
    }
    await registrations[1]?.forget()
    await registrations[10]?.forget()
    const made = await janitor.folder(folder.path, 'made-')
    writeFileSync(join(made.path, 'file'), '')
    await made[Symbol.asyncDispose]()
    expect(existsSync(made.path)).toBe(false)
    await janitor[Symbol.asyncDispose]()
    expect(readdirSync(folder.path).filter((name) => name.startsWith('many-'))).toEqual(['many-1', 'many-10'])
  })

  it.each(['relative/path', '/', '/tmp', '/tmp/a/../..', '/tmp/two\nlines', '/tmp/a/'])(
    'refuses to remove %j',
    async (path) => {
      await using janitor = await startJanitor()
      await expect(janitor.removeAtEnd(path)).rejects.toThrow(/Not a path to remove/)
    },
  )

  it.each([0, 1, -5, Number.NaN])('refuses to end process group %d', async (group) => {
    await using janitor = await startJanitor()
    await expect(janitor.endAtEnd(group, 'SIGTERM')).rejects.toThrow(/No process group/)
  })

  it('that was killed lets nothing start that it would have to watch', async () => {
    const janitor = await startJanitor()
    process.kill(janitor.processId, 'SIGKILL')
    expect(await until(() => !isAlive(janitor.processId))).toBe(true)
    await sleep(50)
    await expect(janitor.folder(folder.path, 'unwatched-')).rejects.toMatchObject({
      failure: { code: 'RUN.NO_JANITOR' },
    })
    expect(readdirSync(folder.path).filter((name) => name.startsWith('unwatched-'))).toEqual([])
    using group = startGroup('/bin/sh', ['-c', 'echo started'], { env: {}, janitor })
    let said = ''
    group.stdout.on('data', (chunk) => {
      said += chunk
    })
    group.stderr.resume()
    await expect(group.ended).rejects.toMatchObject({ failure: { code: 'RUN.NO_JANITOR' } })
    expect(said).toBe('')
  })

  it('does not keep a finished process from ending', async () => {
    const script = `import { startJanitor } from ${JSON.stringify(fileURLToPath(new URL('../../src/janitor/janitor.ts', import.meta.url)))}; await startJanitor()`
    execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { timeout: 20_000 })
  })
})

describe('a watched process group', () => {
  it('gets its arguments as they are, and an empty input', async () => {
    await using janitor = await startJanitor()
    using group = startGroup('/bin/sh', ['-c', 'cat; printf "%s|" "$@"; exit 7', 'x', 'a b', "it's", '$HOME', ''], {
      env: { PATH: process.env.PATH },
      janitor,
    })
    let said = ''
    group.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk
    })
    group.stderr.resume()
    expect(await group.ended).toBe(7)
    expect(said).toBe("a b|it's|$HOME||")
  })
})
