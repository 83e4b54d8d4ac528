/**
 * Files as the grammars read them, in order. Reading is a third of all the work and needs no catalog, so that a second thread
 * reads the next files of a long history while this one judges those before them; docs/decisions/0010-reading-ahead.md has the figures.
 */

import { getHeapSpaceStatistics } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { setEngineFlags } from '../engine-flags.ts'
import { loadParser, type Parser } from '../sql/parse.ts'
import { type Grammars, loadGrammars } from './grammars.ts'
import type { FileReading, Reading, ReadingTask } from './reading.ts'

export interface ReaderOptions {
  readonly prismaVersion: string
  /** The bundled thread; without it everything is read here. */
  readonly threadPath?: string | undefined
}

export interface Reader extends AsyncDisposable {
  /** For the next of the announced files. */
  next(sql: string): Promise<Grammars>
}

/** A thread takes longer to start than this many files take to read. */
const fewestFiles = 100
/** Of what is read ahead at a time, so that few trees wait: each is some twenty times as long as its text. */
const batchCharacters = 50_000
/** A tree of this size is better not there twice. */
const longestAhead = 200_000

/** `texts` are the files in the order in which `next` is going to be called with them. */
export async function readerOf(texts: readonly string[], options: ReaderOptions): Promise<Reader> {
  const { prismaVersion, threadPath } = options
  if (threadPath !== undefined && texts.length >= fewestFiles) return new ReadAhead(texts, prismaVersion, threadPath)
  const here = await loadGrammars(prismaVersion)
  return { next: async () => here, [Symbol.asyncDispose]: async () => undefined }
}

class ReadAhead implements Reader {
  readonly #prismaVersion: string
  readonly #thread: Worker
  readonly #batches: Iterator<readonly string[]>
  /** Asked for and not used yet, oldest first. */
  readonly #asked: Promise<readonly Reading[]>[] = []
  readonly #waiting: ((readings: readonly Reading[]) => void)[] = []
  readonly #readings: AsyncIterator<Reading>
  #parser: Parser | undefined
  #ended = false

  constructor(texts: readonly string[], prismaVersion: string, threadPath: string) {
    this.#prismaVersion = prismaVersion
    this.#batches = batchesOf(texts)
    // Its trees are gone as soon as they are sent. The stack is that of the main thread, and so is what is nested too deeply for it.
    const resourceLimits = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 128, stackSizeMb: 1 }
    this.#thread = new Worker(threadPath, { resourceLimits, stdin: false, env: {}, argv: [], execArgv: [] })
    this.#thread.on('message', (readings: readonly Reading[]) => {
      keepHeapSmall()
      this.#waiting.shift()?.(readings)
    })
    // Without it everything is read here: that takes longer, and nothing else.
    this.#thread.on('error', () => this.#end()).on('exit', () => this.#end())
    this.#readings = this.#inOrder()
    this.#ask()
    this.#ask()
  }

  async next(sql: string): Promise<Grammars> {
    const reading: Reading = (await this.#readings.next()).value
    if (reading === undefined) return loadGrammars(this.#prismaVersion)
    this.#parser ??= await loadParser()
    return asRead(sql, reading, this.#parser)
  }

  async *#inOrder(): AsyncGenerator<Reading, undefined> {
    for (let readings = this.#asked.shift(); readings !== undefined; readings = this.#asked.shift()) {
      const next = await readings
      this.#ask()
      yield* next
    }
  }

  #ask(): void {
    const { value: texts, done } = this.#batches.next()
    if (done === true) return
    const task: ReadingTask = {
      texts: texts.map((text) => (text.length > longestAhead ? '' : text)),
      prismaVersion: this.#prismaVersion,
    }
    this.#asked.push(
      new Promise((resolve) => {
        const answer = (readings: readonly Reading[]) => resolve(texts.map((_, index) => readings[index]))
        if (this.#ended) answer([])
        else {
          this.#waiting.push(answer)
          this.#thread.postMessage(task)
        }
      }),
    )
  }

  #end(): void {
    this.#ended = true
    for (const answer of this.#waiting.splice(0)) answer([])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread.terminate()
  }
}

const mostNewBytes = 4_000_000

/**
 * Of a long history nearly everything is garbage once the next file is judged: the space for new objects need not be three
 * times 16 MB before that is noticed. Said anew with every batch, because a new isolate sets the factor for all of them.
 */
function keepHeapSmall(): void {
  const newSpace = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  const isLarge = (newSpace?.space_size ?? 0) >= mostNewBytes
  setEngineFlags(['--heap-growing-percent=30', ...(isLarge ? ['--semi-space-growth-factor=1'] : [])])
}

function* batchesOf(texts: readonly string[]): Generator<readonly string[], undefined> {
  let batch: string[] = []
  let characters = 0
  for (const text of texts) {
    batch.push(text)
    characters += text.length
    if (characters < batchCharacters) continue
    yield batch
    batch = []
    characters = 0
  }
  if (batch.length > 0) yield batch
}

/** What a file runs besides itself, the bodies of functions, is still read here. */
function asRead(sql: string, { tree, count }: FileReading, parser: Parser): Grammars {
  return {
    parser: {
      ...parser,
      parse: (text) => (text === sql ? (JSON.parse(tree) as ReturnType<Parser['parse']>) : parser.parse(text)),
    },
    splitter: { countStatements: () => count },
  }
}
