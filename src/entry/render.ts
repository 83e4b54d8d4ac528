import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { findingsSarif } from '../report/findings-sarif.ts'
import { findingText, type SourceLines } from '../report/findings-text.ts'
import { markdownReport } from '../report/markdown.ts'
import { textReport } from '../report/text.ts'
import type { RunResult } from '../result.ts'
import { rules } from '../rules/index.ts'
import { sourceText } from '../sql/source-text.ts'
import { version } from '../version.ts'
import type { Format } from './arguments.ts'

export interface RenderOptions {
  readonly colour: boolean
  /** Columns to wrap prose to. */
  readonly width: number
  readonly cwd: string
}

/** The result as it was asked for. */
export async function render(result: RunResult, format: Format, options: RenderOptions): Promise<string> {
  switch (format) {
    case 'json':
      return `${JSON.stringify(result)}\n`
    case 'sarif':
      return findingsSarif(result.findings, rules, version)
    case 'markdown':
      return markdownReport(result)
    case 'text': {
      const sources = readSources(result, options.cwd)
      return textReport(result, {
        colour: options.colour,
        finding: (finding) => findingText(finding, sources.get(finding.file), options),
      })
    }
  }
}

/** The files again, for the lines that findings point at; one that is gone by now is shown without its line. */
function readSources(result: RunResult, cwd: string): ReadonlyMap<string, SourceLines> {
  const sources = new Map<string, SourceLines>()
  for (const { file } of result.findings) {
    if (sources.has(file)) continue
    const text = textOf(resolve(cwd, file))
    if (text !== undefined) sources.set(file, sourceText(text))
  }
  return sources
}

/** Synchronously: for a thousand small files that is several times faster. */
function textOf(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? readFileSync(path, 'utf8') : undefined
  } catch {
    return undefined
  }
}
