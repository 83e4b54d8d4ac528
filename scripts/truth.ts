// `npm run truth` asks real servers of every supported major what each statement of the catalogue does, and records it;
// with --random it judges statements that nobody wrote.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { DatabaseError } from 'pg'
import { postgresMajors } from '../test/lab/server.ts'
import { truthBench } from '../test/sql/effects-truth/bench.ts'
import { catalogue } from '../test/sql/effects-truth/model.ts'
import { observe } from '../test/sql/effects-truth/observe.ts'
import { type Answer, matrixFile, matrixText, rowOf } from '../test/truth/matrix.ts'
import { judgeRandomStatements } from './truth-random.ts'

const { values } = parseArgs({
  options: {
    random: { type: 'string' },
    seed: { type: 'string', default: '1' },
    server: { type: 'string', default: '18' },
    verbose: { type: 'boolean', default: false },
  },
})

if (values.random === undefined) await record()
else if (!(await judgeRandom(Number(values.random)))) process.exitCode = 1

async function judgeRandom(statements: number): Promise<boolean> {
  const major = postgresMajors.find((one) => String(one) === values.server)
  if (major === undefined) throw new Error(`--server is one of ${postgresMajors.join(', ')}`)
  return await judgeRandomStatements({ statements, seed: Number(values.seed), major, verbose: values.verbose })
}

async function record(): Promise<void> {
  const answers = new Map<string, (readonly [number, Answer])[]>(catalogue.map(({ sql }) => [sql, []]))
  for (const major of postgresMajors) {
    const bench = await truthBench(major)
    try {
      for (const { sql } of catalogue) answers.get(sql)?.push([major, await answerOf(sql)])
    } finally {
      await bench[Symbol.asyncDispose]()
    }
    console.log(`PostgreSQL ${major}: ${catalogue.length} statements`)

    async function answerOf(sql: string): Promise<Answer> {
      try {
        return await observe(bench.client, bench.witness, sql)
      } catch (thrown) {
        if (!(thrown instanceof DatabaseError)) throw thrown
        return { error: `${thrown.code ?? ''} ${thrown.message}` }
      }
    }
  }
  writeFileSync(matrixFile, matrixText([...answers].map(([sql, all]) => rowOf(sql, all))))
  console.log('test/truth/matrix.json written; `npm run docs` next')
}
