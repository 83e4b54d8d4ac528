import { spawnSync } from 'node:child_process'
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runClient } from '../../src/postgres/client-process.ts'
import { commandLine } from '../lab/stale-servers.ts'
import { type TempFolder, tempFolder } from '../lab/temp.ts'

let folder: TempFolder
const systemTemp = process.env.TMPDIR
beforeEach(async () => {
  folder = await tempFolder()
  process.env.TMPDIR = folder.path
})
afterEach(async () => {
  if (systemTemp === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = systemTemp
  // However a run ended: no pass file stays.
  expect((await readdir(folder.path)).filter((name) => name.startsWith('airlock-'))).toEqual([])
  await folder[Symbol.asyncDispose]()
})

const never = () => new AbortController().signal
const password = 'p:a\\ss"w ö%rd'
const connection = { environment: { PGHOST: '127.0.0.1' }, password }

/** Any program does: what is tested is how one is run. */
async function program(script: string): Promise<string> {
  const path = join(folder.path, 'program')
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return path
}

describe('runClient', () => {
  it('gives the password in a file that only its user may read, nowhere else, and removes the file', async () => {
    const record = join(folder.path, 'record')
    const path = await program(
      `{ echo "file=$PGPASSFILE"; ls -l "$PGPASSFILE" | cut -c1-10; cat "$PGPASSFILE"; echo "args=$*"; env; } > ${record}`,
    )
    await runClient({ program: path, args: ['--one', 'two'], connection, signal: never() })
    const said = await readFile(record, 'utf8')
    expect(said).toContain('-rw-------\n*:*:*:*:p\\:a\\\\ss"w ö%rd\nargs=--one two\n')
    expect(said.split('args=')[1]).not.toContain(password)
    const [, file = ''] = /^file=(.*)$/m.exec(said) ?? []
    await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('hands on nothing from its own environment that is a secret or would lead elsewhere', async () => {
    const foreign = {
      PGSERVICE: 'elsewhere',
      PGPASSWORD: 'other',
      DATABASE_URL: 'postgresql://a:b@c/d',
      PGOPTIONS: '-c x=y',
    }
    Object.assign(process.env, foreign)
    try {
      let output = ''
      await runClient({
        program: await program('env'),
        args: [],
        connection,
        signal: never(),
        takeOutput: async (stream) => {
          for await (const chunk of stream) output += chunk
        },
      })
      for (const name of Object.keys(foreign)) expect(output).not.toContain(`${name}=`)
      expect(output).toContain('PGHOST=127.0.0.1\n')
      expect(output).toContain('LC_ALL=C\n')
      expect(output).toContain('PGAPPNAME=airlock\n')
    } finally {
      for (const name of Object.keys(foreign)) delete process.env[name]
    }
  })

  it('returns the exit code with what was said, without the password in any spelling', async () => {
    const path = await program(`echo 'cannot use ${password} nor ${encodeURIComponent(password)}' >&2; exit 3`)
    const exit = await runClient({ program: path, args: [], connection, signal: never() })
    expect(exit).toEqual({ code: 3, stderr: 'cannot use *** nor ***' })
  })

  it('keeps the beginning and the end of a very long complaint', async () => {
    const path = await program('echo first >&2; seq 1 60000 >&2; echo last >&2; exit 1')
    const { stderr } = await runClient({ program: path, args: [], signal: never() })
    expect(stderr).toMatch(/^first\n1\n2\n/)
    expect(stderr).toMatch(/\n60000\nlast$/)
    expect(stderr.length).toBeLessThan(40_000)
  })

  it('fails with the system’s reason when the program is not there', async () => {
    const missing = join(folder.path, 'missing')
    const takeOutput = async (stream: AsyncIterable<unknown>) => {
      for await (const _ of stream);
    }
    for (const how of [{}, { takeOutput }]) {
      const run = runClient({ program: missing, args: [], connection, signal: never(), ...how })
      await expect(run).rejects.toMatchObject({ code: 'ENOENT' })
    }
  })

  it('passes a failure of the stream on that takes the output, and stops the program', async () => {
    const path = await program('echo $$; exec sleep 60')
    let pid = 0
    const run = runClient({
      program: path,
      args: [],
      signal: never(),
      takeOutput: async (stream) => {
        for await (const chunk of stream) {
          pid = Number(chunk)
          throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
        }
      },
    })
    await expect(run).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(commandLine(pid)).toBeUndefined()
  })

  it('stops the program and everything it started when the run is cancelled', async () => {
    const path = await program('sleep 61 & echo $! $$; wait')
    const cancel = new AbortController()
    const pids: number[] = []
    const run = runClient({
      program: path,
      args: [],
      connection,
      signal: cancel.signal,
      takeOutput: async (stream) => {
        for await (const chunk of stream) {
          pids.push(...String(chunk).trim().split(' ').map(Number))
          cancel.abort()
        }
      },
    })
    await expect(run).rejects.toMatchObject({ failure: { code: 'RUN.CANCELLED' } })
    expect(pids).toHaveLength(2)
    for (const pid of pids) expect(commandLine(pid)).toBeUndefined()
  })

  it('kills a program that does not listen', { timeout: 20_000 }, async () => {
    const path = await program("trap '' TERM; echo $$; while :; do sleep 0.1; done")
    const cancel = new AbortController()
    let pid = 0
    const run = runClient({
      program: path,
      args: [],
      signal: cancel.signal,
      takeOutput: async (stream) => {
        for await (const chunk of stream) {
          pid = Number(chunk)
          cancel.abort()
        }
      },
    })
    await expect(run).rejects.toMatchObject({ failure: { code: 'RUN.CANCELLED' } })
    await sleep(50)
    expect(commandLine(pid)).toBeUndefined()
  })

  it('starts nothing after the run was cancelled', async () => {
    const record = join(folder.path, 'started')
    const run = runClient({ program: await program(`touch ${record}`), args: [], signal: AbortSignal.abort() })
    await expect(run).rejects.toMatchObject({ failure: { code: 'RUN.CANCELLED' } })
    await expect(readFile(record)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('takes the password away at the first output of a program that connects once', async () => {
    const path = await program('echo connected; while [ -e "$PGPASSFILE" ]; do sleep 0.02; done; echo gone')
    let output = ''
    await runClient({
      program: path,
      args: [],
      connection,
      connectsOnce: true,
      signal: never(),
      takeOutput: async (stream) => {
        for await (const chunk of stream) output += chunk
      },
    })
    expect(output).toBe('connected\ngone\n')
  })

  it('removes the password that a killed process left behind, and none of one that lives', async () => {
    const dead = spawnSync('true').pid
    for (const pid of [dead, process.pid]) await mkdir(join(folder.path, `airlock-pass-${pid}-abcdef`))
    await runClient({ program: await program('true'), args: [], connection, signal: never() })
    const left = (await readdir(folder.path)).filter((name) => name.startsWith('airlock-'))
    expect(left).toEqual([`airlock-pass-${process.pid}-abcdef`])
    await rmdir(join(folder.path, `airlock-pass-${process.pid}-abcdef`))
  })

  it('refuses a password that a pass file cannot hold', async () => {
    const run = runClient({
      program: await program('true'),
      args: [],
      connection: { environment: {}, password: 'copied\n' },
      signal: never(),
    })
    await expect(run).rejects.toMatchObject({ failure: { code: 'URL.UNESCAPED' } })
  })
})
