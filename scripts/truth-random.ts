// `npm run truth -- --random N [--seed S] [--server V] [--verbose]`: made-up databases and statements, judged by a real server.

import { loadParser } from '../src/sql/parse.ts'
import { type PostgresMajor, startServer } from '../test/lab/server.ts'
import { connected } from '../test/truth/generator/connected.ts'
import { type Judged, judgeSeed } from '../test/truth/generator/judge.ts'

const statementsPerSeed = 100

export interface RandomRun {
  readonly statements: number
  readonly seed: number
  readonly major: PostgresMajor
  readonly verbose: boolean
}

/** Whether the model was right wherever it said something. */
export async function judgeRandomStatements({ statements, seed: first, major, verbose }: RandomRun): Promise<boolean> {
  const parser = await loadParser()
  const all: Judged[] = []
  await using server = await startServer(major)
  await connected(server.superuserUrl('postgres'), (client) => client.query('CREATE ROLE somebody'))
  const last = first + Math.ceil(statements / statementsPerSeed) - 1
  for (let seed = first; seed <= last; seed += 1) {
    const database = `seed_${seed}`
    await server.createDatabase(database)
    const judged = await connected(server.superuserUrl(database), (client) =>
      connected(server.superuserUrl(database), (witness) =>
        judgeSeed(parser, { client, witness }, seed, statementsPerSeed),
      ),
    )
    for (const one of judged) report(seed, one, verbose)
    all.push(...judged)
    await connected(server.superuserUrl('postgres'), (client) => client.query(`DROP DATABASE ${database}`))
  }
  const count = (verdict: Judged['verdict']) => all.filter((one) => one.verdict === verdict).length
  const ran = all.length - count('refused')
  console.log(
    `PostgreSQL ${major}, seeds ${first} to ${last}: ${ran} statements of ${new Set(all.map(({ kind }) => kind)).size} kinds ran, ` +
      `${count('refused')} more were refused; ${count('agrees')} agree, ${count('differs')} differ, ` +
      `${count('unknown')} unknown (${((100 * count('unknown')) / ran).toFixed(1)} %)`,
  )
  return count('differs') === 0
}

function report(seed: number, one: Judged, verbose: boolean): void {
  if (one.verdict === 'differs') {
    console.log(`seed ${seed}: ${one.sql}`)
    for (const aspect of ['locks', 'rewrites', 'scans', 'tables', 'columns', 'rows'] as const) {
      const [said, seen] = [JSON.stringify(one.said[aspect]), JSON.stringify(one.seen[aspect])]
      if (said !== seen) console.log(`  ${aspect}: said ${said}, seen ${seen}`)
    }
    if (verbose) for (const sql of one.history) console.log(`    ${sql};`)
  } else if (verbose && one.verdict !== 'agrees') {
    console.log(`seed ${seed}: ${one.verdict}: ${one.because}: ${one.sql}`)
  }
}
