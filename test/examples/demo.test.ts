import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

/** The demo is the story a newcomer sees first; it asserts every exit code and outcome itself and ends with 1 otherwise. */

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Told {
  readonly code: number | null
  readonly output: string
}

/** `onOutput` gets everything so far and may interrupt the demo. */
function tell(onOutput: (output: string, interrupt: () => void) => void = () => undefined): Promise<Told> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/demo.mjs'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        onOutput(output, () => child.kill('SIGINT'))
      })
    }
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
}

function portIn(output: string): number {
  return Number(/127\.0\.0\.1:(\d+)/.exec(output)?.[1])
}

async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}`).then(
    () => true,
    (error: unknown) => !String((error as Error).cause).includes('ECONNREFUSED'),
  )
}

describe('npm run demo', () => {
  test('tells the whole story, keeps the reports, and leaves no server and no password behind', async () => {
    const { code, output } = await tell()
    expect(output).toContain('The end')
    expect(code).toBe(0)
    const kept = /^ {2}cd (\/.*airlock-demo-\w+)$/m.exec(output)?.[1] ?? ''
    try {
      expect(existsSync(`${kept}/shop/.airlock/reports`)).toBe(true)
      expect(existsSync(`${kept}/shop/prisma`)).toBe(false)
    } finally {
      if (kept !== '') await rm(kept, { recursive: true, force: true })
    }
    expect(await answers(portIn(output))).toBe(false)
    // The lab's password of app_owner begins like this, whichever way it is written.
    expect(output).not.toMatch(/p:a\/s@s%w|p%3Aa%2Fs%40s%25w/)
  }, 180_000)

  test('Ctrl-C in the middle stops the server, removes the project and ends with 130', async () => {
    let interrupted = false
    const { code, output } = await tell((soFar, interrupt) => {
      if (interrupted || !soFar.includes('$ airlock deploy')) return
      interrupted = true
      interrupt()
    })
    expect(code).toBe(130)
    expect(output).toContain('Interrupted')
    expect(output).not.toContain('The end')
    expect(await answers(portIn(output))).toBe(false)
    const left = /\/\S*airlock-demo-\w+/.exec(output)?.[0]
    if (left !== undefined) {
      expect(existsSync(`${left}/shop/prisma`)).toBe(false)
      await rm(dirname(`${left}/shop`), { recursive: true, force: true })
    }
  }, 120_000)
})
