import { describe, expect, test } from 'vitest'
import { parseConfig, policyFor } from '../../src/config.ts'
import { helpText } from '../../src/entry/help.ts'
import { exitCodes } from '../../src/result.ts'
import { ruleIds } from '../../src/rules/index.ts'
import { textFile } from '../github/workflow-files.ts'

/** What the README says by hand is what the program does. */

const readme = textFile('README.md').text
const section = (title: string) => readme.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? ''
const yamlIn = (text: string) => /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? ''

describe('the README', () => {
  test('shows an airlock.yml that this release accepts', () => {
    const shown = yamlIn(section('Configuration'))
    expect(shown).toContain('environments:')
    const config = parseConfig(shown, 'README.md', ruleIds)
    expect(policyFor(config, 'production')['require-approval'].length).toBeGreaterThan(0)
  })

  test('lists the commands that the help of the program lists', () => {
    const rows = section('Commands').split('| exit code |')[0] ?? ''
    const listed = [...rows.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    )
    const inHelp = [...helpText('0.0.0', undefined).matchAll(/^ {2}([a-z]+) +\S/gm)].map(([, name]) => name)
    expect(listed.sort()).toEqual(inHelp.sort())
  })

  test('lists the exit codes that outcomes have, and the one of bugs', () => {
    const listed = [...section('Commands').matchAll(/^\| (\d) \|/gm)].map(([, code]) => Number(code))
    expect(listed.sort()).toEqual([...new Set([...Object.values(exitCodes), 1])].sort())
  })
})
