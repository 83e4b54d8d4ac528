// `npm run prediction -- [--seed N] [--history NAME] [--rows N] [--megabytes N] [--points N] [--only K] [--json FILE]`: does a rehearsal predict what then happens?
// From several points of the example project and of public Prisma histories, with rows made for their catalogs: `airlock rehearse`, then the same
// migrations on production itself under observation, and with `airlock deploy` on its twin.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { query } from '../test/lab/query.ts'
import { startServer } from '../test/lab/server.ts'
import { randomFrom } from './estimate/statements.ts'
import { withoutRefused } from './histories/runnable.ts'
import { histories, migrationsOf, pointsOf } from './prediction/points.ts'
import { type Replayed, replay } from './prediction/replay.ts'
import { differing, linesOf, summary, tellingMs, within } from './prediction/report.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    history: { type: 'string' },
    rows: { type: 'string', default: '200000' },
    megabytes: { type: 'string', default: '100' },
    points: { type: 'string', default: '4' },
    only: { type: 'string' },
    json: { type: 'string' },
  },
})
const budget = { rows: Number(values.rows), bytes: Number(values.megabytes) * 1_048_576 }
const startedMs = performance.now()

await using server = await startServer(17, {
  // What every server has that nobody has tuned.
  settings: { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', shared_buffers: '128MB' },
})
const all: Replayed[] = []
let givenUp = 0
for (const history of values.history === undefined ? histories : [values.history]) {
  // Of its name, so that it goes the same way alone.
  const random = randomFrom([...history].reduce((all, letter) => all * 31 + letter.charCodeAt(0), Number(values.seed)))
  const judge = `${history}_judge`
  await server.createDatabase(judge)
  await query(server.superuserUrl(), `ALTER DATABASE ${judge} SET synchronous_commit = off`)
  const { migrations } = await withoutRefused(server.superuserUrl(judge), migrationsOf(history))
  for (const point of pointsOf(history, migrations, Number(values.points), random)) {
    const own = randomFrom(Math.floor(random() * 2 ** 31))
    if (values.only !== undefined && Number(values.only) !== point.number) continue
    const began = performance.now()
    const replayed = await replay(server, point, budget, own)
    if (replayed === undefined) {
      givenUp += 1
      console.log(`${history} ${point.applied.length}+${point.pending.length}: given up, it takes too long`)
      continue
    }
    all.push(replayed)
    console.log(linesOf(replayed).join('\n'))
    if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(all, undefined, 1))
    console.error(`${((performance.now() - began) / 1_000).toFixed(0)} s`)
  }
}
console.log(summary(all).join('\n'))
console.log(
  `${((performance.now() - startedMs) / 60_000).toFixed(1)} minutes, seed ${values.seed}${givenUp === 0 ? '' : `, ${givenUp} points given up`}`,
)

const share = (timings: Replayed['statements']) => within(timings).within / Math.max(1, timings.length)
const telling = all.flatMap(({ statements }) => statements).filter(({ ms }) => ms >= tellingMs)
if (all.length === 0 || differing(all.flatMap(({ compared }) => compared)).length > 0 || share(telling) < 0.9)
  process.exitCode = 1
