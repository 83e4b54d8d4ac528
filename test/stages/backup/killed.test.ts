import { spawn } from 'node:child_process'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import { expect, it } from 'vitest'
import { labClients } from '../../lab/clients.ts'
import { query } from '../../lab/query.ts'
import { postgresMajors, startServer } from '../../lab/server.ts'
import { tempFolder } from '../../lab/temp.ts'

const { usable } = await labClients()
const major = postgresMajors.find((known) => usable.some((client) => client.major >= known))

// Without any client there is nothing to kill; that this is said is tested beside the other failures.
it.runIf(major !== undefined)(
  'kill -9 in the middle of a dump: pg_dump ends too, and nothing of it is left',
  async () => {
    await using folder = await tempFolder()
    await using server = await startServer(major ?? 14)
    const url = await server.createDatabase()
    await query(
      url,
      `CREATE TABLE big AS SELECT i, md5(i::text) || md5((i + 1)::text) AS t FROM generate_series(1, 1000000) i`,
    )
    const directory = join(folder.path, 'backups')
    const temp = join(folder.path, 'temp')
    await mkdir(temp)
    const program = join(folder.path, 'backup.mjs')
    await build({
      input: fileURLToPath(new URL('./backup-process.ts', import.meta.url)),
      platform: 'node',
      external: ['pg-native'],
      // Where the clients lie is worked out from this file’s place.
      transform: {
        target: 'node20',
        define: { 'import.meta.url': JSON.stringify(new URL('../../lab/clients.ts', import.meta.url).href) },
      },
      output: { file: program, format: 'esm', codeSplitting: false },
      logLevel: 'silent',
    })
    const child = spawn(process.execPath, [program, url, directory], {
      env: { ...process.env, TMPDIR: temp },
      stdio: 'inherit',
    })
    const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))

    const partial = async () => {
      const [name] = await readdir(directory).catch(() => [])
      return name === undefined ? undefined : stat(join(directory, name))
    }
    while (child.exitCode === null && ((await partial())?.size ?? 0) < 100_000) await sleep(5)
    child.kill('SIGKILL')
    expect(await ended).toBe('SIGKILL')

    const dumping = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'airlock' AND query LIKE 'COPY%'`
    const stillDumping = async () => (await query<{ n: number }>(server.superuserUrl(), dumping))[0]?.n
    for (let waited = 0; waited < 10_000 && (await stillDumping()) !== 0; waited += 50) await sleep(50)
    expect(await stillDumping()).toBe(0)
    const left = async () => (await readdir(directory)).length
    for (let waited = 0; waited < 10_000 && (await left()) > 0; waited += 50) await sleep(50)
    expect(await readdir(directory)).toEqual([])
    // The file with the password was gone long before.
    expect(await readdir(temp)).toEqual([])
  },
)
