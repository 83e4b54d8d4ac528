import { readFile } from 'node:fs/promises'
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
      const sources = await readSources(result, options.cwd)
      return textReport(result, {
        colour: options.colour,
        finding: (finding) => findingText(finding, sources.get(finding.file), options),
      })
    }
  }
}

/** The files again, for the lines that findings point at; one that is gone by now is shown without its line. */
async function readSources(result: RunResult, cwd: string): Promise<ReadonlyMap<string, SourceLines>> {
  const files = [...new Set(result.findings.map((finding) => finding.file))]
  const texts = await Promise.all(
    files.map(async (file) => [file, await readFile(resolve(cwd, file), 'utf8').catch(() => undefined)] as const),
  )
  return new Map(texts.flatMap(([file, text]) => (text === undefined ? [] : [[file, sourceText(text)] as const])))
}
