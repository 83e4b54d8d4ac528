import { expect, test } from 'vitest'
import { Redactor } from '../../../../src/redact.ts'
import { Run } from '../../../../src/run.ts'
import type { ApplyingSession } from '../../../../src/stages/apply/watch/observation.ts'
import { tellerOf } from '../../../../src/stages/apply/watch/tell.ts'

const works: ApplyingSession = {
  pid: 7,
  query: `UPDATE "User" SET token = 'topsecret'`,
  queryStart: '2026-01-01 00:00:00+00',
  statementMs: 0,
  waitingMs: null,
  blockers: [],
  queued: 0,
  queuedMs: 0,
  progress: null,
}
const queued = { ...works, queued: 1, queuedMs: 20 }
const building = (done: number): ApplyingSession => ({
  ...works,
  progress: { work: 'CREATE INDEX', phase: 'building index: scanning table', done, total: 100 },
})

/** The lines of one look every 200 ms. */
function linesOf(looks: readonly ApplyingSession[], when: 'if-new' | 'now' = 'if-new'): readonly string[] {
  const lines: string[] = []
  const run = new Run((event) => event.kind === 'progress' && lines.push(event.text), new AbortController().signal)
  const redactor = new Redactor()
  redactor.add(['topsecret'])
  let ms = 0
  const tell = tellerOf({ run, redactor }, () => ms)
  for (const look of looks) {
    ms += 200
    tell(look, when)
  }
  return lines
}
const seconds = (count: number, look: (index: number) => ApplyingSession) =>
  Array.from({ length: count * 5 }, (_, index) => look(index))

test('what takes no time is not told, and what takes long every ten seconds', () => {
  expect(linesOf(seconds(9, () => works))).toEqual([])
  expect(linesOf(seconds(35, () => works))).toHaveLength(3)
})

test('a queue that comes and goes is told once, and then by the clock', () => {
  expect(linesOf(seconds(9, (index) => (index % 2 === 0 ? queued : works)))).toHaveLength(1)
})

test('the percentage of an index is told by the clock', () => {
  const lines = linesOf(seconds(25, (index) => building(index)))
  expect(lines.map((line) => /\d+ %/.exec(line)?.[0])).toEqual(['0 %', '50 %', '100 %'])
})

test('a cancel is told at once, and secrets are not', () => {
  expect(linesOf([queued, queued], 'now')).toHaveLength(2)
  expect(linesOf([queued]).join()).toContain(`SET token = '***'`)
})
