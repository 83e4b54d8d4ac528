// Judges the effect model by the migrations of public repositories, applied to a real server.
//   tsx scripts/histories.ts fetch [--histories DIR] [--from DIR]
//   tsx scripts/histories.ts judge [--histories DIR] [--only NAME] [--server 16] [--report FILE]
import { readdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { loadParser } from '../src/sql/parse.ts'
import { postgresMajors, startServer } from '../test/lab/server.ts'
import { fetchHistories } from './histories/fetch.ts'
import { type JudgedHistory, judgeHistory } from './histories/judge.ts'
import { details, stands, summary, totalsOf } from './histories/report.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    histories: { type: 'string', default: '.cache/histories' },
    from: { type: 'string' },
    only: { type: 'string', default: '' },
    server: { type: 'string', default: '16' },
    report: { type: 'string' },
  },
})

if (positionals[0] === 'fetch') fetchHistories(values.histories, values.from)
else if (positionals[0] === 'judge') await judge()
else throw new Error('fetch or judge?')

async function judge(): Promise<void> {
  const major = postgresMajors.find((one) => String(one) === values.server)
  if (major === undefined) throw new Error(`--server is one of ${postgresMajors.join(', ')}`)
  const parser = await loadParser()
  const names = readdirSync(values.histories).filter((name) => name.includes(values.only))
  const judged: JudgedHistory[] = []
  await using server = await startServer(major)
  for (const name of names) {
    const url = await databaseFor(judged.length)
    const clients = [new pg.Client(url), new pg.Client(url), new pg.Client(url)] as const
    for (const one of clients) await one.connect()
    try {
      const [client, witness, writer] = clients
      const database = { client, witness, writer, notFilled: new Set<number>() }
      judged.push(await judgeHistory(parser, database, values.histories, name))
    } finally {
      for (const one of clients) await one.end()
    }
    console.log(
      `${name}: ${summary(totalsOf(judged.slice(-1)))
        .split('\n')
        .slice(0, 3)
        .join('; ')}`,
    )
  }
  const totals = totalsOf(judged)
  console.log(summary(totals))
  if (values.report !== undefined)
    writeFileSync(values.report, `PostgreSQL ${major}\n${summary(totals)}\n\n${details(judged)}`)
  if (!stands(totals)) process.exitCode = 1

  async function databaseFor(number: number): Promise<string> {
    const name = `history_${number}`
    await server.createDatabase(name)
    return server.superuserUrl(name)
  }
}
