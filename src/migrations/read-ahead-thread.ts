/** The thread that reads files while those before them are judged; see read-ahead.ts. */

import { parentPort } from 'node:worker_threads'
import { splitsFiles } from './execution-model.ts'
import { type Grammars, loadGrammars } from './grammars.ts'
import type { Reading, ReadingTask } from './reading.ts'

parentPort?.on('message', async ({ texts, prismaVersion }: ReadingTask) => {
  const grammars = await loadGrammars(prismaVersion)
  parentPort?.postMessage(texts.map((text) => readingOf(text, grammars, splitsFiles(prismaVersion))))
})

function readingOf(text: string, { parser, splitter }: Grammars, splits: boolean): Reading {
  try {
    const tree = JSON.stringify(parser.parse(text))
    const count = splits ? splitter.countStatements(text) : undefined
    return count === 'unknown' ? undefined : { tree, count }
  } catch {
    // What is wrong with it is said where it is judged.
    return undefined
  }
}
