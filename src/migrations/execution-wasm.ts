import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { errnoOf } from './errno.ts'

/** A WebAssembly file from beside the bundle, or from the package it comes in where the program runs from source. */
export async function wasmBytes(
  file: string,
  source: { readonly packageName: string; readonly fromEntry: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const beside = new URL(`./${file}`, import.meta.url)
  try {
    return new Uint8Array(await readFile(beside))
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
  }
  const entry = createRequire(import.meta.url).resolve(source.packageName)
  return new Uint8Array(await readFile(join(dirname(entry), source.fromEntry, file)))
}
