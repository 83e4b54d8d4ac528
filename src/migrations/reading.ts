/** What the thread that reads ahead is asked, and what it answers. */

import type { ExecutionModel } from './execution-model.ts'

export interface ReadingTask {
  readonly texts: readonly string[]
  readonly prismaVersion: string | undefined
}

/** One for each text; `undefined` where it is to be read again by whoever says what is wrong with it. */
export type Reading = FileReading | undefined

export interface FileReading {
  /** As JSON: a string crosses to another thread much faster than the thousand objects in it. */
  readonly tree: string
  readonly execution: ExecutionModel
}
