import { stringify } from 'yaml'
import type { InputSpec } from '../src/inputs.ts'
import { exitCodes, type Outcome, outcomes } from '../src/result.ts'
import type { Rule } from '../src/rules/rule.ts'

/** Tables and YAML from data. Pure: strings out. */

export function inputTable(inputs: Readonly<Record<string, InputSpec>>): string {
  return table(
    ['Input', 'What it is', 'Default'],
    Object.entries(inputs).map(([name, { description, default: value }]) => [
      `\`${name}\``,
      description,
      value === '' ? '' : `\`${value}\``,
    ]),
  )
}

export function outputTable(outputs: Readonly<Record<string, string>>): string {
  return table(
    ['Output', 'What it is'],
    Object.entries(outputs).map(([name, description]) => [`\`${name}\``, description]),
  )
}

export function actionInputsYaml(inputs: Readonly<Record<string, InputSpec>>): string {
  const mapping = Object.entries(inputs).map(([name, { description, default: value }]) => [
    name,
    { description, required: false, default: value },
  ])
  return yaml({ inputs: Object.fromEntries(mapping) })
}

export function actionOutputsYaml(outputs: Readonly<Record<string, string>>): string {
  const mapping = Object.entries(outputs).map(([name, description]) => [
    name,
    { description, value: `\${{ steps.airlock.outputs.${name} }}` },
  ])
  return yaml({ outputs: Object.fromEntries(mapping) })
}

const outcomeMeanings: Readonly<Record<Outcome, string>> = {
  clear: 'The plan may go on.',
  'needs-approval': 'The plan can lose data or cannot be judged, and its digest was not approved. Nothing was changed.',
  blocked: 'The plan may not go on as it is. Nothing was changed.',
  applied: 'The migrations were applied and verified.',
  'nothing-pending': 'The database has every migration of the folder.',
  done: 'The command did what it was asked.',
  refused: 'The deploy was not allowed to go on. Nothing was changed.',
  recovered: 'The deploy did not stand, and the database is back where it was.',
  'needs-human': 'The deploy did not stand, and what to do is for a human to decide. The report describes the state.',
  failed: 'The job could not be done. The failure code says why.',
}

export function exitCodeTable(): string {
  const rows = outcomes.map((outcome) => [`\`${outcome}\``, String(exitCodes[outcome]), outcomeMeanings[outcome]])
  return table(['Outcome', 'Exit code', 'Meaning'], [...rows, ['none', '1', 'A bug in Airlock.']])
}

export function errorTable(titles: Readonly<Record<string, string>>): string {
  return table(
    ['Code', 'What happened'],
    Object.entries(titles).map(([code, title]) => [`<a id="${anchor(code)}"></a>\`${code}\``, title]),
  )
}

function anchor(code: string): string {
  return code.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
}

interface JsonSchema {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
}

export function configurationTable(schema: unknown): string {
  return table(['Key', 'Values', 'Default', 'What it is'], configurationRows(schema as JsonSchema, []))
}

function configurationRows(schema: JsonSchema, path: readonly string[]): readonly (readonly string[])[] {
  const below = [
    ...Object.entries(schema.properties ?? {}).map(([name, child]) => [name, child] as const),
    ...(typeof schema.additionalProperties === 'object' ? [['NAME', schema.additionalProperties] as const] : []),
  ]
  if (below.length > 0) return below.flatMap(([name, child]) => configurationRows(child, [...path, name]))
  const value = schema.default === undefined ? '' : `\`${JSON.stringify(schema.default)}\``
  return [[`\`${path.join('.')}\``, values(schema), value, schema.description ?? '']]
}

function values(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``
  if (schema.enum !== undefined) return schema.enum.map((each) => `\`${String(each)}\``).join(', ')
  if (schema.items !== undefined) return `a list of ${values(schema.items)}`
  return schema.type ?? ''
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, singleQuote: true }).trimEnd()
}

export function ruleTable(rules: readonly Rule[]): string {
  const rows = rules.map(({ id, title, group }) => `| [${id}](${id}.md) | ${group} | ${title} |`)
  return ['| rule | group | |', '| --- | --- | --- |', ...rows].join('\n')
}

export function rulePage({ id, group, documentation }: Rule): readonly string[] {
  return [
    `\`${id}\` · ${group}`,
    documentation.summary,
    '## Instead of',
    fence(documentation.bad),
    '## Write',
    fence(documentation.good),
    ...(id === 'airlock-comment'
      ? []
      : [
          '## Allow it for one statement',
          `\`\`\`sql\n-- airlock: allow ${id} because …\n\`\`\``,
          'The reason is required and appears in the report; see [what becomes of a finding](../findings.md).',
        ]),
    '## Switch it off',
    `\`\`\`yaml\nrules:\n  ${id}: off\n\`\`\``,
  ]
}

function fence(sql: string): string {
  return `\`\`\`sql\n${sql.trim()}\n\`\`\``
}
