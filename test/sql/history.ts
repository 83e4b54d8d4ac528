import { type Analysis, analyseMigration, type MigrationToAnalyse } from '../../src/sql/analyse.ts'
import { type Catalog, unknownCatalog } from '../../src/sql/catalog/model.ts'
import { loadParser } from '../../src/sql/parse.ts'

const parser = await loadParser()

export type Analysed = Extract<Analysis, { kind: 'analysed' }>

/** One migration after another, each against the catalog that the one before it left. */
export function history(files: readonly string[], options: Partial<MigrationToAnalyse> = {}): readonly Analysed[] {
  let catalog: Catalog = options.catalog ?? unknownCatalog
  return files.map((sql, index) => {
    const name = `${index + 1}_migration`
    const analysis = analyseMigration(parser, {
      schema: 'public',
      ...options,
      name,
      file: `${name}/migration.sql`,
      sql,
      catalog,
    })
    if (analysis.kind === 'syntax-error') throw new Error(`${name}: ${analysis.message} at line ${analysis.line}`)
    catalog = analysis.catalogAfter
    return analysis
  })
}

/** The last of them. */
export function lastOf(files: readonly string[], options: Partial<MigrationToAnalyse> = {}): Analysed {
  const last = history(files, options).at(-1)
  if (last === undefined) throw new Error('a history needs at least one migration')
  return last
}

export function locksOf(analysis: Analysed, index = 0): Readonly<Record<string, string>> {
  return Object.fromEntries(
    analysis.statements[index]?.effects.locks.map(({ relation, mode }) => [relation, mode]) ?? [],
  )
}

export function lossesOf(analysis: Analysed, index = 0): readonly string[] {
  return analysis.statements[index]?.effects.loses.map(({ kind, name }) => `${kind} ${name}`) ?? []
}
