import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser'
import { convertActionTemplate, parseAction } from '@actions/workflow-parser/actions/index'
import { ErrorPolicy } from '@actions/workflow-parser/model/convert'
import { parse } from 'yaml'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface StepYaml {
  readonly id?: string
  readonly name?: string
  readonly if?: string
  readonly uses?: string
  readonly run?: string
  readonly shell?: string
  readonly env?: Readonly<Record<string, unknown>>
  readonly with?: Readonly<Record<string, unknown>>
}

export interface JobYaml {
  readonly needs?: string | readonly string[]
  readonly if?: string
  readonly environment?: string
  readonly permissions?: unknown
  readonly 'timeout-minutes'?: unknown
  readonly env?: Readonly<Record<string, unknown>>
  readonly outputs?: Readonly<Record<string, string>>
  readonly steps: readonly StepYaml[]
}

interface InputYaml {
  readonly description?: string
  readonly required?: boolean
  readonly type?: string
  readonly default?: unknown
}

export interface WorkflowYaml {
  readonly on: Readonly<Record<string, { readonly inputs?: Readonly<Record<string, InputYaml>> } | null>>
  readonly permissions?: unknown
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress'?: unknown; readonly queue?: string }
  readonly jobs: Readonly<Record<string, JobYaml>>
}

export interface ActionYaml {
  readonly inputs: Readonly<Record<string, InputYaml>>
  readonly outputs?: Readonly<Record<string, { readonly description: string; readonly value: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly StepYaml[] }
}

export interface TextFile {
  readonly path: string
  readonly text: string
}

function filesIn(folder: string, pattern: RegExp): readonly TextFile[] {
  return readdirSync(join(root, folder))
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => textFile(`${folder}/${name}`))
}

export function textFile(path: string): TextFile {
  return { path, text: readFileSync(join(root, path), 'utf8') }
}

export const templates = filesIn('workflows-templates', /\.yml$/)
export const reusable = ['production', 'staging'].map((name) => textFile(`.github/workflows/${name}.yml`))
export const workflows = [...filesIn('.github/workflows', /\.yml$/), ...templates]
export const actions = ['action.yml', 'notify/action.yml', 'install/action.yml'].map(textFile)

export const workflowYaml = (file: TextFile): WorkflowYaml => parse(file.text)
export const actionYaml = (file: TextFile): ActionYaml => parse(file.text)

/** What GitHub's parser has to say against a workflow. */
export async function workflowErrors(file: TextFile): Promise<readonly string[]> {
  const parsed = parseWorkflow({ name: basename(file.path), content: file.text }, new NoOperationTraceWriter())
  if (parsed.value !== undefined) {
    await convertWorkflowTemplate(parsed.context, parsed.value, undefined, { errorPolicy: ErrorPolicy.TryConversion })
  }
  return parsed.context.errors.getErrors().map((error) => error.message)
}

/** The same for an action, which is also handed back as GitHub understands it. */
export function parsedAction(file: TextFile) {
  const parsed = parseAction({ name: basename(file.path), content: file.text }, new NoOperationTraceWriter())
  if (parsed.value === undefined) throw new Error(`${file.path} does not parse`)
  const template = convertActionTemplate(parsed.context, parsed.value, { errorPolicy: ErrorPolicy.TryConversion })
  return { template, errors: parsed.context.errors.getErrors().map((error) => error.message) }
}
