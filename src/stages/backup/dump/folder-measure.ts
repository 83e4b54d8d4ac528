import { chmod, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Content, readWhole } from '../dump-file.ts'

interface Measured extends Content {
  readonly mtimeMs: number
}

/** What is in the folder of a dump, measured table by table while others are still being written. */
export class FolderMeasure {
  readonly #folder: string
  readonly #begun = new Map<string, Promise<Measured | undefined>>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** A table is through; the end says whether this was the last word about its file. */
  begin(dumpId: string): void {
    for (const ending of ['', '.zst', '.lz4', '.gz']) {
      const name = `${dumpId}.dat${ending}`
      this.#begun.set(
        name,
        this.#measure(name).catch(() => undefined),
      )
    }
  }

  async bytesSoFar(): Promise<number> {
    const sizes = await Promise.all((await readdir(this.#folder)).map((name) => stat(join(this.#folder, name))))
    return sizes.reduce((sum, { size }) => sum + size, 0)
  }

  /** Every file, in order of its name. pg_dump makes the folder for its owner alone, but not what is in it. */
  async end(signal: AbortSignal): Promise<readonly (Content & { readonly name: string })[]> {
    const files: (Content & { readonly name: string })[] = []
    for (const name of (await readdir(this.#folder)).toSorted()) {
      signal.throwIfAborted()
      const path = join(this.#folder, name)
      await chmod(path, 0o600)
      const { size, mtimeMs } = await stat(path)
      const early = await this.#begun.get(name)
      const whole = early?.bytes === size && early.mtimeMs === mtimeMs ? early : await this.#measure(name)
      files.push({ name, bytes: whole.bytes, sha256: whole.sha256 })
    }
    return files
  }

  async #measure(name: string): Promise<Measured> {
    const path = join(this.#folder, name)
    const { mtimeMs } = await stat(path)
    return { ...(await readWhole(path)), mtimeMs }
  }
}
