import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inputs, outputs } from '../../src/inputs.ts'
import { actionRepository, majorTag } from '../../src/project.ts'
import {
  actions,
  actionYaml,
  type JobYaml,
  parsedAction,
  reusable,
  root,
  templates,
  textFile,
  workflows,
  workflowYaml,
} from '../github/workflow-files.ts'

/** action.yml, the code, the documents and the workflows say the same things. */

const action = textFile('action.yml')
const own = new RegExp(`^(?:${actionRepository}(?:/\\w+)?@${majorTag}|\\$/\\w*)$`)
const pinned = /^actions\/[a-z-]+@[0-9a-f]{40}$/

const jobs = workflows.flatMap((file) =>
  Object.entries(workflowYaml(file).jobs).map(([id, job]) => ({ file, id, job, name: `${file.path}: ${id}` })),
)
const steps = [
  ...jobs.flatMap(({ file, job }) => job.steps.map((step) => ({ file, step }))),
  ...actions.flatMap((file) => actionYaml(file).runs.steps.map((step) => ({ file, step }))),
]
const named = <Each extends { readonly name: string }>(all: readonly Each[]) =>
  all.map((each) => [each.name, each] as const)

describe('action.yml', () => {
  const { template } = parsedAction(action)

  test('has the inputs of src/inputs.ts, in words and defaults', () => {
    const declared = (template.inputs ?? []).map(({ id, description, required, default: value }) => {
      return { id, description, required, default: value?.toDisplayString() ?? '' }
    })
    const wanted = Object.entries(inputs).map(([id, { description, default: value }]) => {
      return { id, description, required: false, default: value }
    })
    expect(declared).toEqual(wanted)
  })

  test('gives each output of src/inputs.ts on from the step that runs Airlock', () => {
    const declared = Object.entries(actionYaml(action).outputs ?? {})
    expect(declared).toEqual(
      Object.entries(outputs).map(([name, description]) => [
        name,
        { description, value: `\${{ steps.airlock.outputs.${name} }}` },
      ]),
    )
  })

  test.each(Object.entries(inputs).filter(([name]) => /url/.test(name)))('%s is a secret', (_, input) => {
    expect(input.secret).toBe(true)
  })
})

describe('the documents', () => {
  test('have the tables that the code generates', () => {
    // Node.js 20 cannot run TypeScript by itself.
    const check = () =>
      execFileSync(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'scripts/docs.ts', '--check'], {
        cwd: root,
        stdio: 'pipe',
      })
    expect(check).not.toThrow()
  })

  test('and workflows name one repository', () => {
    const folders = [
      '',
      'docs',
      'docs/decisions',
      'docs/reference',
      '.github',
      '.github/workflows',
      'workflows-templates',
      'notify',
      'install',
    ]
    const files = folders.flatMap((folder) =>
      readdirSync(join(root, folder), { withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.(?:md|ya?ml)$/.test(entry.name))
        .map((entry) => join(root, folder, entry.name)),
    )
    const mentions = files.flatMap((file) => [
      ...readFileSync(file, 'utf8').matchAll(/(?:github\.com\/|uses: )([\w.-]*airlock[\w.-]*\/[\w.-]+)/gi),
    ])
    expect(mentions.length).toBeGreaterThan(5)
    expect([...new Set(mentions.map(([, repository]) => repository?.replace(/\.git$/, '')))]).toEqual([
      actionRepository,
    ])
  })
})

describe('every workflow and action', () => {
  test('interpolates nothing into a script', () => {
    const scripts = steps.filter(({ step }) => step.run !== undefined)
    expect(scripts.length).toBeGreaterThan(5)
    expect(
      scripts.filter(({ step }) => step.run?.includes('${{')).map(({ file, step }) => [file.path, step.name]),
    ).toEqual([])
  })

  test('uses GitHub’s own actions by commit and this one, and no other', () => {
    const uses = steps.flatMap(({ step }) => (step.uses === undefined ? [] : [step.uses]))
    expect(uses.length).toBeGreaterThan(10)
    expect(uses.filter((each) => !pinned.test(each) && !own.test(each))).toEqual([])
  })

  test('says beside each commit which version it is', () => {
    const lines = workflows.flatMap((file) => file.text.split('\n').filter((line) => /uses: actions\//.test(line)))
    expect(lines.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
    // One commit has one version and the other way round: a half-done update shows.
    const versions = new Set(lines.map((line) => line.replace(/.*uses: /, '')))
    const names = new Set(lines.map((line) => /uses: (\S+)@/.exec(line)?.[1]))
    expect(versions.size).toBe(names.size)
  })

  test('starts from no permissions, and comments each one it takes', () => {
    for (const file of workflows) {
      expect([file.path, workflowYaml(file).permissions]).toEqual([file.path, {}])
      const granted = file.text.split('\n').filter((line) => /^\s+[a-z-]+: (?:read|write)\b/.test(line))
      expect(granted.filter((line) => !line.includes(' # '))).toEqual([])
    }
  })

  test.each(named(jobs))('%s has permissions and a time limit of its own', (_, { job }) => {
    expect(job.permissions).toBeDefined()
    expect(job['timeout-minutes']).toBeDefined()
  })

  test.each(named(jobs))('%s checks out without leaving the token behind', (_, { job }) => {
    for (const step of job.steps.filter((each) => each.uses?.startsWith('actions/checkout@'))) {
      expect(step.with?.['persist-credentials']).toBe(false)
    }
  })
})

describe('workflows that deploy', () => {
  const deploying = [...templates, ...reusable]

  test('wait in a queue and are never interrupted by the next run', () => {
    for (const file of deploying) {
      expect(workflowYaml(file).concurrency).toMatchObject({ 'cancel-in-progress': false, queue: 'max' })
    }
  })

  test('hand secrets to the step that needs them and to no other', () => {
    for (const { file, step } of steps.filter(({ file: each }) => deploying.includes(each))) {
      const text = JSON.stringify(step)
      if (!text.includes('secrets.')) continue
      // The check whether there is a URL sees only true or false.
      const asks = Object.values(step.env ?? {}).every(
        (value) => !String(value).includes('secrets.') || /!= ''/.test(String(value)),
      )
      expect([file.path, step.uses ?? asks]).toEqual([
        file.path,
        step.uses === undefined ? true : expect.stringMatching(own),
      ])
      expect([file.path, step.uses]).not.toEqual([file.path, expect.stringContaining('/install')])
    }
    const inJobEnv = ({ job }: { readonly job: JobYaml }) => JSON.stringify(job.env ?? {}).includes('secrets.')
    expect(jobs.filter(inJobEnv)).toEqual([])
  })

  test('pass only inputs that the actions have', () => {
    const known = new Map(actions.map((file) => [file.path, Object.keys(actionYaml(file).inputs)]))
    const uses = steps.filter(({ step }) => own.test(step.uses ?? ''))
    expect(uses.length).toBeGreaterThan(10)
    for (const { file, step } of uses) {
      const part = /(?:airlock|\$)\/(\w+)(?:@|$)/.exec(step.uses?.replace(`${actionRepository}`, 'airlock') ?? '')?.[1]
      const declared = known.get(part === undefined ? 'action.yml' : `${part}/action.yml`) ?? []
      const unknown = Object.keys(step.with ?? {}).filter((name) => !declared.includes(name))
      expect([file.path, step.uses, unknown]).toEqual([file.path, step.uses, []])
    }
  })

  test('ask for the connection URL with one and the same text', () => {
    const texts = new Set(
      reusable.flatMap((file) =>
        Object.values(workflowYaml(file).jobs)
          .flatMap((job) => job.steps.flatMap((step) => (step.run === undefined ? [] : [step.run])))
          .map((text) => text.replace(/airlock-(?:production|staging)\.yml/, 'airlock-NAME.yml')),
      ),
    )
    expect(texts.size).toBe(1)
  })

  test('of both kinds run the same steps in the same order', () => {
    const shape = (path: string) =>
      Object.entries(workflowYaml(textFile(path)).jobs).map(([id, job]) => [
        id,
        job.steps
          .filter((step) => step.run === undefined)
          .map((step) =>
            (step.uses ?? '')
              .replace(/^.*airlock(\/\w+)?@v1$/, '$$$1')
              .replace(/^\$\/?/, '$/')
              .replace('//', '/'),
          ),
      ])
    expect(shape('workflows-templates/airlock-production.yml')).toEqual(shape('.github/workflows/production.yml'))
  })
})

describe('the starter workflows', () => {
  test.each(templates.map((file) => [file.path, file] as const))(
    '%s has the properties that GitHub asks for',
    (path) => {
      const properties = JSON.parse(readFileSync(join(root, path.replace(/\.yml$/, '.properties.json')), 'utf8'))
      expect(properties).toMatchObject({
        name: expect.any(String),
        description: expect.any(String),
        iconName: expect.stringMatching(/^octicon [a-z-]+$/),
        categories: expect.arrayContaining(['Deployment']),
        filePatterns: expect.any(Array),
      })
      const patterns = properties.filePatterns.map((pattern: string) => new RegExp(pattern))
      expect(patterns.some((pattern: RegExp) => pattern.test('prisma/schema.prisma'))).toBe(true)
      expect(patterns.some((pattern: RegExp) => pattern.test('README.md'))).toBe(false)
    },
  )

  test('start production from a published release or by hand, with CONFIRM typed and nothing filled in', () => {
    const { on } = workflowYaml(textFile('workflows-templates/airlock-production.yml'))
    expect(Object.keys(on)).toEqual(['release', 'workflow_dispatch'])
    expect(on.release).toEqual({ types: ['published'] })
    expect(on.workflow_dispatch?.inputs).toMatchObject({
      confirm: { required: true, type: 'string' },
      approve: { required: false, default: '' },
    })
    expect(on.workflow_dispatch?.inputs?.confirm).not.toHaveProperty('default')
  })
})
