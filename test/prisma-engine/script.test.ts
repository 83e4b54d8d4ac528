import { describe, expect, it } from 'vitest'
import { executionModel } from '../../src/migrations/execution-model.ts'
import { loadSqlParser } from '../../src/migrations/execution-parser.ts'
import { failedMigrationMessage, runScript } from '../../src/prisma-engine/script.ts'

const parser = await loadSqlParser()
const script = "SELECT 'ümlaut';\n\n-- the second\nSELECT 1;\nSELECT\n  'ü',\n  nonsense;\nSELECT 4;\n"

/** Fails where the text stands, as the server reports it: in characters of the message it got. */
function server(text: string): { readonly got: string[]; send(sql: string): Promise<void> } {
  const got: string[] = []
  return {
    got,
    send: async (sql) => {
      got.push(sql)
      if (!sql.includes(text)) return
      const position = String([...sql.slice(0, sql.indexOf(text))].length + 1)
      throw Object.assign(new Error(`column "${text}" does not exist`), {
        code: '42703',
        severity: 'ERROR',
        position,
        hint: 'Look again.',
      })
    },
  }
}

describe('runScript', () => {
  it.each(['6.19.3', '7.10.1'])('stops at the first failure and shows its line in the file (%s)', async (version) => {
    const { send, got } = server('nonsense')
    const failure = await runScript(executionModel(version, script, parser), script, send)
    expect(got).toHaveLength(version === '6.19.3' ? 1 : 3)
    expect(failure?.sqlState).toBe('42703')
    expect(failure?.report).toBe(
      [
        'ERROR: column "nonsense" does not exist',
        "Position:\n  2\n  3 -- the second\n  4 SELECT 1;\n  5 SELECT\n  6   'ü',\n  7   nonsense;",
        'HINT: Look again.',
      ].join('\n\n'),
    )
  })

  it('sends everything where nothing fails', async () => {
    const { send, got } = server('not in there')
    expect(await runScript(executionModel('7.10.1', script, parser), script, send)).toBeUndefined()
    expect(got.join('\n')).toContain('SELECT 4;')
  })
})

describe('failedMigrationMessage', () => {
  it('has the labels of Prisma’s own message', () => {
    const failure = { sqlState: '42703', severity: 'ERROR', message: 'no', report: 'ERROR: no' }
    const message = failedMigrationMessage('20240101_init', failure)
    for (const part of ['Migration name: 20240101_init', 'Database error code: 42703', 'Database error:\nERROR: no']) {
      expect(message).toContain(part)
    }
  })
})
