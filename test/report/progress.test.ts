import { expect, test } from 'vitest'
import { plainLines } from '../../src/report/progress.ts'

test('what others wrote cannot steer the terminal', () => {
  const lines: string[] = []
  plainLines((line) => lines.push(line))({ kind: 'progress', text: 'waits for \u001b[2Jpsql' })
  expect(lines.join()).toContain('psql')
  expect(lines.join()).not.toContain('\u001b')
})
