// `npm run faults -- [--cells TEXT] [--engine prisma6|prisma7|atomic] [--seed S] [--verbose]`: every fault at every moment of a deploy,
// each on a database of its own. The next deploys have to end right with nobody's help, or say truly what a person has to decide.
import { parseArgs } from 'node:util'
import { allCells, type Engine, engines, idOf } from '../test/faults/cells.ts'
import { type CellRun, runCells } from '../test/faults/run.ts'

const { values } = parseArgs({
  options: {
    cells: { type: 'string', default: '' },
    engine: { type: 'string' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
    verbose: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed)
const workers = Number(values.workers)
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(workers) || workers < 1)
  throw new Error('--seed S, --workers N')
const asked = values.engine === undefined ? engines : engines.filter((engine) => engine === values.engine)
if (asked.length === 0) throw new Error(`--engine ${engines.join('|')}`)
const cells = allCells(asked).filter((cell) => idOf(cell).includes(values.cells))
const startedAt = Date.now()

let done = 0
const runs = await runCells(cells, { seed, workers, onCell: report })

const count = (kind: CellRun['verdict']['kind'], knows?: boolean) =>
  runs.filter(({ verdict }) => verdict.kind === kind && (verdict.kind !== 'asks' || verdict.knows === knows)).length
for (const engine of asked) console.log(`${engine}: ${summary(engine)}`)
console.log(
  `${runs.length} cells in ${Math.round((Date.now() - startedAt) / 1_000)} s, seed ${seed}: ${count('right')} ended right with nobody’s help, ` +
    `${count('asks', true)} ask a person and say truly what is in force, ${count('asks', false)} ask a person and say truly that they do not know; ` +
    `${count('wrong')} wrong; ${count('not run')} NOT RUN`,
)
process.exitCode = count('wrong') === 0 ? 0 : 1

function summary(engine: Engine): string {
  const own = runs.filter(({ cell }) => cell.engine === engine)
  const kinds = (['right', 'asks', 'wrong', 'not run'] as const).map(
    (kind) => `${own.filter(({ verdict }) => verdict.kind === kind).length} ${kind}`,
  )
  return `${own.length} cells: ${kinds.join(', ')}`
}

function report({ cell, verdict, outcomes, reasons, ms }: CellRun): void {
  const id = idOf(cell)
  done += 1
  if (done % 25 === 0)
    console.error(`${done} of ${cells.length} cells, ${Math.round((Date.now() - startedAt) / 1_000)} s`)
  const way = outcomes.join(' → ')
  if (verdict.kind === 'wrong') {
    console.log(
      `WRONG ${id}: ${verdict.because}\n  ${way}\n  see it again: npm run faults -- --cells '${id}' --seed ${seed} --verbose`,
    )
  } else if (verdict.kind === 'not run') console.log(`NOT RUN ${id}: ${verdict.because}`)
  else if (values.verbose || verdict.kind === 'asks')
    console.log(
      `${verdict.kind === 'asks' ? `asks${verdict.knows ? '' : ', does not know'}` : 'right'} ${id}: ${way} (${ms} ms)`,
    )
  if (values.verbose) for (const reason of reasons) console.log(reason.replaceAll(/^/gm, '    '))
}
