import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

const findingsSarif = (..._: unknown[]) => ({})
const findingText = (f: { message: string }, ..._: unknown[]) => f.message

import { markdownReport } from '../report/markdown.ts'
import { textReport } from '../report/text.ts'
import type { RunResult } from '../result.ts'
import type { Format } from './arguments.ts'
import { version } from './version.ts'

/** The result as it was asked for. */
export async function render(
  result: RunResult,
  format: Format,
  options: { readonly colour: boolean; readonly cwd: string },
): Promise<string> {
  switch (format) {
    case 'json':
      return `${JSON.stringify(result)}\n`
    case 'sarif':
      return `${JSON.stringify(findingsSarif(result.findings, { version }), undefined, 2)}\n`
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
async function readSources(result: RunResult, cwd: string): Promise<ReadonlyMap<string, string>> {
  const files = [...new Set(result.findings.map((finding) => finding.file))]
  const entries = await Promise.all(
    files.map(async (file) => [file, await readFile(resolve(cwd, file), 'utf8').catch(() => undefined)] as const),
  )
  return new Map(entries.flatMap(([file, text]) => (text === undefined ? [] : [[file, text] as const])))
}
