import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../errors.ts'
import { makePrivateFolder } from '../private-folder.ts'
import { markdownReport } from '../report/markdown.ts'
import { rehearsalHtml } from '../report/rehearsal-html.ts'
import { sectionOf } from '../report/rehearsal-section.ts'
import type { RunResult } from '../result.ts'

export type ReportWritten =
  /** The path of the Markdown; the JSON lies beside it, and a page about the rehearsal where there was one. */
  { readonly kind: 'written'; readonly path: string } | { readonly kind: 'not-written'; readonly reason: string }

/** The database has been changed by now: a report that cannot be written is said, and changes no outcome. */
export async function writeReports(result: RunResult, folder: string, runId: string): Promise<ReportWritten> {
  const path = join(folder, `${runId}.md`)
  try {
    await makePrivateFolder(folder)
    await writeFile(path, markdownReport(result))
    const section = sectionOf(result)
    if (section !== undefined) await writeFile(join(folder, `${runId}.html`), rehearsalHtml(section))
    await writeFile(join(folder, `${runId}.json`), `${JSON.stringify(result, undefined, 2)}\n`)
    return { kind: 'written', path }
  } catch (thrown) {
    return { kind: 'not-written', reason: messageOf(thrown) }
  }
}
