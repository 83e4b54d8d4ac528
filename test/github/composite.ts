import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { holds, interpolate, type Scope } from './expressions.ts'
import { type ActionYaml, root, type StepYaml } from './workflow-files.ts'

/** Runs a composite action the way the runner does: each step a bash script of its own, in order, conditions evaluated. */

export interface StepEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Started {
  /** The bash process, which is the one the runner signals. */
  readonly pid: number
  readonly end: Promise<StepEnd>
}

/** A step's script exactly as `shell: bash` runs it: `bash --noprofile --norc -eo pipefail {0}`. */
export function startScript(script: string, env: Readonly<Record<string, string>>, cwd: string): Started {
  const file = join(mkdtempSync(join(cwd, 'step-')), 'script.sh')
  writeFileSync(file, script)
  const child = spawn('/bin/bash', ['--noprofile', '--norc', '-eo', 'pipefail', file], { cwd, env })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const end = new Promise<StepEnd>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  if (child.pid === undefined) throw new Error('bash did not start')
  return { pid: child.pid, end }
}

/** A copy of what a runner downloads for this action, with a program of the test's own as the bundle. */
export function actionFolder(program: string): { readonly path: string; readonly workspace: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'airlock-composite-'))
  const path = join(folder, 'action')
  for (const part of ['scripts/require-node.sh', 'install', 'notify', 'action.yml']) {
    cpSync(join(root, part), join(path, part), { recursive: true })
  }
  mkdirSync(join(path, 'dist'))
  writeFileSync(join(path, 'dist/action.mjs'), program)
  const workspace = join(folder, 'workspace')
  mkdirSync(workspace)
  return { path, workspace, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export interface CompositeRun {
  readonly outcome: 'success' | 'failure'
  readonly outputs: Readonly<Record<string, string>>
  readonly ends: Readonly<Record<string, StepEnd | 'skipped'>>
}

export interface CompositeCall {
  readonly action: ActionYaml
  readonly actionPath: string
  readonly workspace: string
  readonly given: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
}

export async function runComposite(call: CompositeCall): Promise<CompositeRun> {
  const { action, given, workspace } = call
  const defaults = Object.entries(action.inputs).map(([name, input]) => [name, String(input.default ?? '')])
  const contexts = {
    inputs: { ...Object.fromEntries(defaults), ...given },
    github: {},
    steps: {} as Record<string, unknown>,
  }
  const ends: Record<string, StepEnd | 'skipped'> = {}
  let status: 'success' | 'failure' = 'success'

  for (const step of action.runs.steps) {
    const scope: Scope = { contexts, status }
    const name = step.name ?? step.run ?? ''
    if (!holds(step.if, scope)) {
      ends[name] = 'skipped'
      if (step.id !== undefined) contexts.steps[step.id] = { outcome: 'skipped', outputs: {} }
      continue
    }
    const output = join(workspace, `output-${Object.keys(ends).length}`)
    const env = {
      ...call.env,
      GITHUB_ACTION_PATH: call.actionPath,
      GITHUB_OUTPUT: output,
      GITHUB_WORKSPACE: workspace,
      ...stepEnv(step, scope),
    }
    const end = await startScript(interpolate(step.run, scope), env, workspace).end
    ends[name] = end
    if (end.code !== 0) status = 'failure'
    const outcome = end.code === 0 ? 'success' : 'failure'
    if (step.id !== undefined) contexts.steps[step.id] = { outcome, outputs: readOutputs(output) }
  }
  const outputs = Object.entries(action.outputs ?? {}).map(([name, { value }]) => [
    name,
    interpolate(value, { contexts, status }),
  ])
  return { outcome: status, outputs: Object.fromEntries(outputs), ends }
}

function stepEnv(step: StepYaml, scope: Scope): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, interpolate(value, scope)]))
}

/** GITHUB_OUTPUT as the runner reads it: `name=value`, or `name<<delimiter` and lines up to the delimiter. */
export function readOutputs(file: string): Readonly<Record<string, string>> {
  if (!existsSync(file)) return {}
  const found: Record<string, string> = {}
  const lines = readFileSync(file, 'utf8').split('\n')
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const heredoc = /^([^=<]+)<<(.+)$/.exec(line)
    const plain = /^([^=]+)=(.*)$/.exec(line)
    if (heredoc?.[1] !== undefined) {
      const end = lines.indexOf(heredoc[2] ?? '')
      if (end < 0) throw new Error(`no closing delimiter for ${heredoc[1]}`)
      found[heredoc[1]] = lines
        .splice(0, end + 1)
        .slice(0, -1)
        .join('\n')
    } else if (plain?.[1] !== undefined) found[plain[1]] = plain[2] ?? ''
  }
  return found
}

/** PATH with the Node.js of this test and the system’s tools. */
export const pathWithNode = `${dirname(process.execPath)}:/usr/bin:/bin`
