import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines, idOf, someCells } from '../faults/cells.ts'
import { type CellRun, runCells } from '../faults/run.ts'

/** A few cells of each kind; `npm run faults` has all of them. */
const cells = someCells(engines)
let runs: Promise<readonly CellRun[]>
beforeAll(() => {
  runs = runCells(cells, { seed: 1, workers: 2 })
})
afterAll(async () => {
  await runs
})

describe('whatever stops a deploy, the next one ends right, or a person is told what is true', () => {
  test.each(cells.map((cell) => [idOf(cell)]))(
    '%s',
    async (id) => {
      const run = (await runs).find(({ cell }) => idOf(cell) === id)
      expect(run).toMatchObject({ verdict: { kind: expect.stringMatching(/^(right|asks)$/) } })
    },
    240_000,
  )
})
