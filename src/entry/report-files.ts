import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makePrivateFolder } from '../private-folder.ts'
import { markdownReport } from '../report/markdown.ts'
import type { RunResult } from '../result.ts'

/** Writes the report as Markdown and JSON and returns the path of the Markdown. */
export async function writeReports(result: RunResult, folder: string, runId: string): Promise<string> {
  await makePrivateFolder(folder)
  const markdown = join(folder, `${runId}.md`)
  await writeFile(markdown, markdownReport(result))
  await writeFile(join(folder, `${runId}.json`), `${JSON.stringify(result, undefined, 2)}\n`)
  return markdown
}
