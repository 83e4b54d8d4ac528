import { readdir } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { loadParser } from '../sql/parse.ts'
import { keepHeapSmall } from './heap-size.ts'
import type { Reading, ReadingTask } from './reading.ts'

/** A thread takes longer to start than this many files take to read. */
const fewestFiles = 100

/** Started before the files are: it is ready when they have been found. `undefined` where it would not pay. */
export async function startReadingThread(path: string, folder: string): Promise<ReadingThread | undefined> {
  // What is wrong with the folder is said by whoever reads it.
  const entries = await readdir(folder).catch(() => [])
  if (entries.length < fewestFiles) return undefined
  const thread = new ReadingThread(path)
  // What is loaded here while it starts is needed as well.
  await Promise.all([thread.started, loadParser()])
  return thread
}

/** Answers in the order in which it was asked. Once it has ended, for whatever reason, it answers that it has read nothing. */
export class ReadingThread implements AsyncDisposable {
  /** Settled once it runs, or has ended. */
  readonly started: Promise<unknown>
  readonly #worker: Worker
  readonly #waiting: ((readings: readonly Reading[]) => void)[] = []
  #ended = false

  constructor(path: string) {
    // Its trees are gone as soon as they are sent. The stack is that of the main thread, and so is what is nested too deeply for it.
    const resourceLimits = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 128, stackSizeMb: 1 }
    this.#worker = new Worker(path, { resourceLimits, stdin: false, env: {}, argv: [], execArgv: [] })
    this.#worker.on('message', (readings: readonly Reading[]) => this.#waiting.shift()?.(readings))
    this.started = new Promise((resolve) => {
      this.#worker.once('online', resolve).once('error', resolve).once('exit', resolve)
    }).then(keepHeapSmall)
    // Without it everything is read by the other thread: that takes longer, and nothing else.
    this.#worker.on('error', () => this.#end()).on('exit', () => this.#end())
  }

  read(task: ReadingTask): Promise<readonly Reading[]> {
    if (this.#ended) return Promise.resolve([])
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#worker.postMessage(task)
    })
  }

  #end(): void {
    this.#ended = true
    for (const answer of this.#waiting.splice(0)) answer([])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate()
  }
}
