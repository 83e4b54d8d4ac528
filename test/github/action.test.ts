import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { inputs } from '../../src/inputs.ts'
import { actionFolder, pathWithNode, runComposite, startScript } from './composite.ts'
import { actionYaml, textFile } from './workflow-files.ts'

const action = actionYaml(textFile('action.yml'))

/** Writes down what it sees, then does what the test's environment says. */
const program = `
import { appendFileSync, writeFileSync } from 'node:fs'
const phase = process.argv[2] ?? 'main'
writeFileSync(process.env.SEEN + '.' + phase, JSON.stringify({ argv: process.argv.slice(2), env: process.env, ppid: process.ppid, pid: process.pid }))
if (phase === 'main') {
  appendFileSync(process.env.GITHUB_OUTPUT, 'outcome<<D\\napplied\\nD\\nresult<<D\\n{"a":\\n"two lines"}\\nD\\n')
  process.exitCode = Number(process.env.EXIT ?? 0)
  if (process.env.WAIT === 'yes') {
    for (const signal of ['SIGINT', 'SIGTERM']) {
      process.on(signal, () => { writeFileSync(process.env.SEEN + '.signal', signal); process.exit(130) })
    }
    setInterval(() => {}, 1000)
    writeFileSync(process.env.SEEN + '.ready', '')
  }
}
`

let folder: ReturnType<typeof actionFolder>
let seenFile: string
beforeEach(() => {
  folder = actionFolder(program)
  seenFile = join(folder.workspace, 'seen')
})
afterEach(() => folder.remove())

const run = (given: Record<string, string> = {}, env: Record<string, string> = {}) =>
  runComposite({
    action,
    actionPath: folder.path,
    workspace: folder.workspace,
    given,
    env: { PATH: pathWithNode, SEEN: seenFile, ...env },
  })
const seen = (phase: string) => JSON.parse(readFileSync(`${seenFile}.${phase}`, 'utf8'))

describe('the composite action', () => {
  test('hands every input over as one JSON value, with the defaults of src/inputs.ts', async () => {
    const { outcome } = await run()
    expect(outcome).toBe('success')
    const defaults = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.default]))
    expect(JSON.parse(seen('main').env.AIRLOCK_INPUTS)).toEqual(defaults)
    expect(seen('main').argv).toEqual([])
  })

  test('carries quotes, newlines, dollars and shell in an input through unchanged', async () => {
    const hostile = '"; touch pwned; $(touch pwned) `touch pwned` \u0024{{ github.token }}\nsecond line \\n '
    await run({ approve: hostile })
    expect(JSON.parse(seen('main').env.AIRLOCK_INPUTS).approve).toBe(hostile)
    expect(existsSync(join(folder.workspace, 'pwned'))).toBe(false)
  })

  test('gives the program’s outputs on, those of several lines too', async () => {
    const { outputs } = await run()
    expect(outputs).toMatchObject({ outcome: 'applied', result: '{"a":\n"two lines"}', digest: '' })
  })

  test.each([0, 1, 2, 3, 4, 5])('ends with the program’s exit code %i', async (code) => {
    const { ends, outcome } = await run({}, { EXIT: String(code) })
    expect(ends.Airlock).toMatchObject({ code })
    expect(outcome).toBe(code === 0 ? 'success' : 'failure')
  })

  test('cleans up after a failure, without seeing the inputs', async () => {
    await run({ 'database-url': 'postgresql://u:secret@h/d' }, { EXIT: '2' })
    expect(seen('cleanup').argv).toEqual(['cleanup'])
    expect(JSON.stringify(seen('cleanup').env)).not.toContain('secret')
  })

  // On cancel the runner sends SIGINT, SIGTERM 7.5 s later, and kills 2.5 s after that.
  test.each(['SIGINT', 'SIGTERM'] as const)('passes %s on to the program', async (signal) => {
    const step = action.runs.steps.find((each) => each.id === 'airlock')
    const env = { PATH: pathWithNode, SEEN: seenFile, WAIT: 'yes', AIRLOCK_INPUTS: '{}' }
    const runner = { GITHUB_ACTION_PATH: folder.path, GITHUB_OUTPUT: join(folder.workspace, 'output') }
    const { pid, end } = startScript(step?.run ?? '', { ...env, ...runner }, folder.workspace)
    while (!existsSync(`${seenFile}.ready`)) await sleep(10)
    // The very process the runner started has become Node.js.
    expect(seen('main').pid).toBe(pid)
    process.kill(pid, signal)
    expect((await end).code).toBe(130)
    expect(readFileSync(`${seenFile}.signal`, 'utf8')).toBe(signal)
  })
})

describe('the check for Node.js', () => {
  const fakeNode = (script: string) => {
    const bin = join(folder.workspace, 'bin')
    mkdirSync(bin)
    writeFileSync(join(bin, 'node'), script)
    chmodSync(join(bin, 'node'), 0o755)
    return bin
  }

  test.each([
    ['v18.20.8', 'is v18.20.8.'],
    ['v8.17.0', 'is v8.17.0.'],
    // Without parseEnv of node:util, which the bundle imports.
    ['v20.11.1', 'is v20.11.1.'],
    ['banana', 'calls its version "banana"'],
  ])('refuses %s with one line that says what to do', async (version, said) => {
    const bin = fakeNode(`#!/bin/bash\necho ${version}\n`)
    const { ends, outcome } = await run({}, { PATH: `${bin}:/bin` })
    expect(outcome).toBe('failure')
    expect(ends['Check Node.js']).toMatchObject({ code: 2 })
    const { stdout } = ends['Check Node.js'] as { stdout: string }
    expect(stdout).toMatch(/^::error title=Airlock needs Node\.js 20\.12 or newer::[^\n]*actions\/setup-node[^\n]*\n$/)
    expect(stdout).toContain(said)
    expect(ends).toMatchObject({ Airlock: 'skipped', 'Remove temporary files': 'skipped' })
  })

  test('refuses a machine without Node.js', async () => {
    const bin = join(folder.workspace, 'empty')
    mkdirSync(bin)
    const script = readFileSync(join(folder.path, 'scripts/require-node.sh'), 'utf8')
    const { code, stdout } = await startScript(script, { PATH: bin }, folder.workspace).end
    expect(code).toBe(2)
    expect(stdout).toContain('There is no node on PATH.')
  })

  test('refuses a Node.js that does not start', async () => {
    const bin = fakeNode('#!/bin/bash\nexit 127\n')
    const { ends } = await run({}, { PATH: `${bin}:/bin` })
    expect((ends['Check Node.js'] as { stdout: string }).stdout).toContain('does not start.')
  })

  test.each(['v20.12.0', 'v22.0.0', 'v24.1.0', 'v100.0.0'])('lets %s through', async (version) => {
    const bin = fakeNode(`#!/bin/bash\necho ${version}\n`)
    const script = readFileSync(join(folder.path, 'scripts/require-node.sh'), 'utf8')
    const end = await startScript(script, { PATH: bin }, folder.workspace).end
    expect(end).toMatchObject({ code: 0, stdout: '', stderr: '' })
  })
})
