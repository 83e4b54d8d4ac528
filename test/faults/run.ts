import { allCells, type Cell, idOf } from './cells.ts'
import { judge, type Verdict } from './judge.ts'
import { type DatabaseNow, playCell, playUndisturbed } from './play.ts'
import { openStand, type Stand } from './stand.ts'

export interface CellRun {
  readonly cell: Cell
  readonly verdict: Verdict | { readonly kind: 'not run'; readonly because: string }
  /** What each deploy ended as. */
  readonly outcomes: readonly string[]
  readonly reasons: readonly string[]
  readonly ms: number
}

/** Plays them on as many servers as there are workers. */
export async function runCells(
  cells: readonly Cell[],
  {
    seed,
    workers,
    onCell,
  }: { readonly seed: number; readonly workers: number; readonly onCell?: (run: CellRun) => void },
): Promise<readonly CellRun[]> {
  const left = [...cells]
  const runs: CellRun[] = []
  const references = new Map<string, Promise<DatabaseNow>>()
  await Promise.all(
    Array.from({ length: Math.min(workers, cells.length) }, async (_, worker) => {
      await using stand = await openStand(`${worker}`)
      for (let cell = left.shift(); cell !== undefined; cell = left.shift()) {
        const run = await runCell(stand, cell, seed, references)
        runs.push(run)
        onCell?.(run)
      }
    }),
  )
  return runs
}

async function runCell(
  stand: Stand,
  cell: Cell,
  seed: number,
  references: Map<string, Promise<DatabaseNow>>,
): Promise<CellRun> {
  const startedAt = performance.now()
  const ms = () => Math.round(performance.now() - startedAt)
  if (cell.fault === 'out of disk' && stand.disk === undefined)
    return {
      cell,
      verdict: { kind: 'not run', because: 'only root may mount a small disk' },
      outcomes: [],
      reasons: [],
      ms: 0,
    }
  const undisturbed = `${cell.engine} ${cell.file.name}`
  const reference = references.get(undisturbed) ?? playUndisturbed(stand, cell)
  references.set(undisturbed, reference)
  try {
    const expected = await reference
    const played = await playCell(stand, cell, choiceOf(cell, seed))
    const results = played.deploys.map(({ result }) => result)
    return {
      cell,
      verdict: judge(played, expected),
      outcomes: results.map((result) => (result === undefined ? 'killed' : `${result.outcome} (${result.reasonCode})`)),
      reasons: results.map((result) =>
        [result?.reason, result?.failure?.what, result?.failure?.why].filter(Boolean).join('\n'),
      ),
      ms: ms(),
    }
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    return { cell, verdict: { kind: 'wrong', because }, outcomes: [], reasons: [], ms: ms() }
  }
}

/** The same for the same seed, whatever else is run. */
function choiceOf(cell: Cell, seed: number): boolean {
  const all = allCells().map(idOf)
  return (all.indexOf(idOf(cell)) * 7 + seed) % 2 === 0
}
