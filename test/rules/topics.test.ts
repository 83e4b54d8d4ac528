import { beforeAll, expect, it } from 'vitest'
import { ruleIds, rules } from '../../src/rules/index.ts'
import { judge } from '../../src/rules/judge.ts'
import type { RuleContext } from '../../src/rules/rule.ts'
import { topicsOf } from '../../src/rules/topics.ts'
import { analyseMigration } from '../../src/sql/analyse.ts'
import { type Catalog, unknownCatalog } from '../../src/sql/catalog/model.ts'
import { loadParser, type Parser } from '../../src/sql/parse.ts'
import { ruleCases } from './case-file.ts'

let parser: Parser
let files: readonly RuleContext[]

beforeAll(async () => {
  parser = await loadParser()
  files = ruleIds.flatMap(ruleCases).flatMap(({ before, sql }) => {
    const { catalog } = judgedFile('1_before', before, unknownCatalog)
    return judgedFile('2_case', sql, catalog).files
  })
})

/** What the rules are given for a file, as one message and as one message for each statement. */
function judgedFile(name: string, sql: string, catalog: Catalog) {
  const found: RuleContext[] = []
  const execution = { kind: 'split', atomic: false, because: 'it is said here', stray: [] }
  const migration = { name, file: name, sql, schema: 'public', catalog, execution }
  const analysis = analyseMigration(parser, migration, (context) => {
    for (const execution of [context.execution, undefined])
      found.push({ ...context, execution, isAllowed: () => false })
    return judge(context)
  })
  return { files: found, catalog: analysis.kind === 'analysed' ? analysis.catalogAfter : catalog }
}

it.each(rules.filter(({ about }) => about !== undefined))(
  '$id has nothing to say about files on which it is not asked',
  ({ about = [], check }) => {
    const others = files.filter(({ statements }) => !about.some((topic) => topicsOf(statements).has(topic)))
    expect(others.length).toBeGreaterThan(100)
    for (const context of others) expect(check(context), context.source.text).toEqual([])
  },
)

it('asks most rules about few files', () => {
  const alwaysAsked = rules.filter(({ about }) => about === undefined).map(({ id }) => id)
  expect(alwaysAsked).toEqual([
    'airlock-comment',
    'breaks-running-release',
    'migration-history',
    'mixed-stages',
    'non-atomic-migration',
    'out-of-order',
    'set-local-without-transaction',
  ])
})
