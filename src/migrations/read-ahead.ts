/**
 * Files as the grammars read them, in order. Reading is a third of all the work and needs no catalog, so that a second thread
 * reads the next files of a long history while this one judges those before them; docs/decisions/0010-reading-ahead.md has the figures.
 */

import { loadParser, type Parser } from '../sql/parse.ts'
import { type ReadFile, readHere } from './grammars.ts'
import { hasGrownEnough } from './heap-size.ts'
import type { FileReading, Reading } from './reading.ts'
import type { ReadingThread } from './reading-thread.ts'

export interface ReaderOptions {
  readonly prismaVersion: string | undefined
  /** Without one everything is read here. */
  readonly thread?: ReadingThread | undefined
}

export interface Reader {
  /** The next of the announced files. */
  next(sql: string): Promise<ReadFile>
}

/** Of what is read ahead at a time, so that few trees wait: each is some twenty times as long as its text. */
const batchCharacters = 50_000
/** A tree of this size is better not there twice. */
const longestAhead = 200_000

/** `texts` are the files in the order in which `next` is going to be called with them. */
export function readerOf(texts: readonly string[], { prismaVersion, thread }: ReaderOptions): Reader {
  return thread === undefined
    ? { next: (sql) => readHere(sql, prismaVersion) }
    : new ReadAhead(texts, prismaVersion, thread)
}

class ReadAhead implements Reader {
  readonly #prismaVersion: string | undefined
  readonly #thread: ReadingThread
  readonly #batches: Iterator<readonly string[]>
  /** Asked for and not used yet, oldest first. */
  readonly #asked: Promise<readonly Reading[]>[] = []
  readonly #readings: AsyncIterator<Reading>
  #parser: Parser | undefined
  #hasGrown = false

  constructor(texts: readonly string[], prismaVersion: string | undefined, thread: ReadingThread) {
    this.#prismaVersion = prismaVersion
    this.#thread = thread
    this.#batches = batchesOf(texts)
    this.#readings = this.#inOrder()
    this.#ask()
    this.#ask()
  }

  async next(sql: string): Promise<ReadFile> {
    this.#hasGrown ||= hasGrownEnough()
    this.#parser ??= await loadParser()
    const reading: Reading = (await this.#readings.next()).value
    if (reading === undefined) return readHere(sql, this.#prismaVersion)
    return { parser: parserOf(sql, reading, this.#parser), execution: () => reading.execution }
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
    const task = {
      texts: texts.map((text) => (text.length > longestAhead ? '' : text)),
      prismaVersion: this.#prismaVersion,
    }
    this.#asked.push(this.#thread.read(task).then((readings) => texts.map((_, index) => readings[index])))
  }
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
function parserOf(sql: string, { tree }: FileReading, parser: Parser): Parser {
  return {
    ...parser,
    parse: (text) => (text === sql ? (JSON.parse(tree) as ReturnType<Parser['parse']>) : parser.parse(text)),
  }
}
