// `npm run corruption -- --count 1000 --seed 1`: damages backups of every shape at random; every damage must be noticed.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { labClients } from '../test/lab/clients.ts'
import { postgresMajors, startServer } from '../test/lab/server.ts'
import { tempFolder } from '../test/lab/temp.ts'
import { makeOriginals } from '../test/stages/backup/corruption/originals.ts'
import { runCorruption } from '../test/stages/backup/corruption/run.ts'

const { values } = parseArgs({
  options: { count: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
})
const [count, seed] = [Number(values.count), Number(values.seed)]
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(seed)) throw new Error('--count N, --seed N')

const { usable } = await labClients()
const client = usable.toSorted((a, b) => b.major - a.major)[0]
const major = postgresMajors.findLast((known) => client !== undefined && client.major >= known)
if (client === undefined || major === undefined) throw new Error('There is no pg_dump here')

await using folder = await tempFolder()
await using server = await startServer(major)
const originals = await makeOriginals(server, client, folder.path)
const { tallies, undetected, rejected } = await runCorruption(originals, client, join(folder.path, 'work'), {
  count,
  seed,
})

console.log(`pg_dump ${client.version}, PostgreSQL ${major}, seed ${seed}`)
console.log('shape | damaged | noticed | damage to the dump that pg_restore --list misses')
for (const { shape, damaged, listed, listMissed } of tallies) {
  const missed = undetected.filter((line) => line.startsWith(`${shape}: `)).length
  const list = listed === 0 ? 'cannot be asked: encrypted' : `${listMissed} of ${listed}`
  console.log(`${shape} | ${damaged} | ${damaged - missed} | ${list}`)
}
for (const line of undetected) console.log(`NOT NOTICED ${line}`)
for (const line of rejected) console.log(`REFUSED ALTHOUGH WHOLE ${line}`)
console.log(
  `${count} damaged: ${count - undetected.length} noticed; ${originals.all.length} whole: ${rejected.length} refused`,
)
process.exitCode = undetected.length + rejected.length === 0 ? 0 : 1
