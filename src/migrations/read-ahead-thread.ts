/** The thread that reads files while those before them are judged; see read-ahead.ts. */

import { parentPort } from 'node:worker_threads'
import type { SqlParser } from './execution-model.ts'
import { executionOf, loadSplitter } from './grammars.ts'
import type { Reading, ReadingTask } from './reading.ts'
import { loadTreeText, type TreeText } from './tree-text.ts'

const loading = loadTreeText()

parentPort?.on('message', async ({ texts, prismaVersion }: ReadingTask) => {
  const [treeOf, splitter] = [await loading, unlessBroken(await loadSplitter(prismaVersion, ...texts))]
  parentPort?.postMessage(texts.map((text) => readingOf(text, prismaVersion, treeOf, splitter)))
})

function readingOf(text: string, prismaVersion: string | undefined, treeOf: TreeText, splitter: SqlParser): Reading {
  try {
    const tree = text === '' ? undefined : treeOf(text)
    return tree === undefined ? undefined : { tree, execution: executionOf(text, prismaVersion, splitter) }
  } catch {
    // What is wrong with it is said where it is judged.
    return undefined
  }
}

/** The one of the other thread is asked then, which has not broken yet. */
function unlessBroken(splitter: SqlParser): SqlParser {
  return {
    countStatements: (sql) => {
      const count = splitter.countStatements(sql)
      if (count === 'unknown') throw new Error('the parser broke')
      return count
    },
  }
}
