import { spawnSync } from 'node:child_process'
import { chown, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { serverIdentity } from './lab-folder.ts'
import { type LabServer, startServer } from './server.ts'

/** A streaming replica that replays each commit so much later. The primary is stopped for a moment. */
export async function startReplica(primary: LabServer, delayMs: number): Promise<LabServer> {
  const { port, username, password } = new URL(primary.superuserUrl())
  const settings = {
    primary_conninfo: `host=127.0.0.1 port=${port} user=${username} password='${decodeURIComponent(password)}' application_name=replica`,
    recovery_min_apply_delay: `${delayMs}ms`,
  }
  const replica = await startServer(primary.major, { settings })
  await replica.stop()
  await primary.stop()
  const data = join(replica.folder, 'data')
  await rm(data, { recursive: true })
  const { status, stderr } = spawnSync('cp', ['-a', join(primary.folder, 'data'), data], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The data of the primary could not be copied: ${stderr}`)
  const signal = join(data, 'standby.signal')
  await writeFile(signal, '')
  const identity = serverIdentity()
  if (identity !== undefined) await chown(signal, identity.uid, identity.gid)
  await primary.restart()
  await replica.restart()
  return replica
}
