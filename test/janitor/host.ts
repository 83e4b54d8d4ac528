/** A process of its own for the tests of the janitor: registers, says what, and then ends in the way it is told. */
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startJanitor } from '../../src/janitor/janitor.ts'
import { startGroup } from '../../src/process-group.ts'

const [parent = '', ending = ''] = process.argv.slice(2)
const janitor = await startJanitor()
const folder = await janitor.folder(parent, "it's a $(folder) *-")
mkdirSync(join(folder.path, 'deep', 'er'), { recursive: true })
writeFileSync(join(folder.path, 'deep', 'er', 'rows'), 'rows')
const file = join(parent, 'written-by-others')
writeFileSync(file, '')
await janitor.removeAtEnd(file)
const kept = join(parent, 'kept')
writeFileSync(kept, '')
const registration = await janitor.removeAtEnd(kept)
await registration.forget()

const env = { PATH: process.env.PATH }
/** Ends when it is asked to, and so does the process that it started. */
const gentle = startGroup('/bin/sh', ['-c', 'sleep 600 & echo up; sleep 600'], { env, janitor })
/** Does not listen. */
const stubborn = startGroup('/bin/sh', ['-c', "trap '' TERM; echo up; while :; do sleep 600; done"], { env, janitor })
await Promise.all([gentle, stubborn].map(({ stdout }) => once(stdout, 'data')))
const groups = ending === 'stubborn' ? [gentle.id, stubborn.id] : [gentle.id]
if (ending !== 'stubborn') {
  process.kill(-(stubborn.id ?? 0), 'SIGKILL')
  await stubborn.ended
}
process.stdout.write(
  `${JSON.stringify({ janitor: janitor.processId, folder: folder.path, file, kept, groups, self: process.pid })}\n`,
)

setInterval(() => undefined, 1_000)
if (ending === 'dispose') await janitor[Symbol.asyncDispose]()
if (ending === 'crash') throw new Error('crashed on purpose')
if (ending !== 'wait' && ending !== 'stubborn') process.exit(0)
