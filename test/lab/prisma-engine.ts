import { createHash, randomBytes } from 'node:crypto'
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const repository = fileURLToPath(new URL('../..', import.meta.url))

let built: Promise<string> | undefined

/** Path of the offline schema engine as a program of its own: built from source, once for each state of the source. */
export function schemaEngine(): Promise<string> {
  built ??= build()
  return built
}

/** What CLI 6 is given for the query engine, which it looks for at every start and here only asks for a version. */
export async function noQueryEngine(): Promise<string> {
  return join(dirname(await schemaEngine()), 'no-query-engine.cjs')
}

async function build(): Promise<string> {
  const cache = join(repository, '.cache', 'lab')
  const folder = join(cache, `schema-engine-${await stateOfSource()}`)
  const program = join(folder, 'schema-engine.mjs')
  if (await exists(program)) return program
  // Several test workers may build at once: each in a folder of its own, and the first to be done gives it the name.
  const own = join(cache, `building-${randomBytes(6).toString('hex')}`)
  await mkdir(own, { recursive: true })
  try {
    await bundle(join(own, 'schema-engine.mjs'))
    const require = createRequire(import.meta.url)
    const packages = [
      [require.resolve('@prisma/schema-engine-wasm'), 'schema_engine_bg.wasm'],
      [require.resolve('@guanmingchiu/sqlparser-ts'), '../wasm/sqlparser_rs_wasm_bg.wasm'],
    ] as const
    for (const [entry, file] of packages) {
      const path = join(dirname(entry), file)
      await copyFile(path, join(own, file.slice(file.lastIndexOf('/') + 1)))
    }
    await writeFile(join(own, 'no-query-engine.cjs'), "exports.version = () => ({ commit: 'none', version: 'none' })\n")
    await removeUnused(cache)
    await rename(own, folder).catch(async (error: unknown) => {
      if (!(await exists(program))) throw error
    })
  } finally {
    await rm(own, { recursive: true, force: true })
  }
  return program
}

async function bundle(file: string): Promise<void> {
  const bundling = await rolldown({
    input: join(repository, 'src/prisma-engine/main.ts'),
    platform: 'node',
    logLevel: 'silent',
  })
  await bundling.write({ file, format: 'esm', codeSplitting: false })
  await bundling.close()
  await chmod(file, 0o755)
}

const keptForMs = 86_400_000

/** Builds of older states of the source, unless another worker may still be running one. */
async function removeUnused(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!/^(?:schema-engine|building)-/.test(name)) continue
    const path = join(cache, name)
    const made = await stat(path).then(({ mtimeMs }) => mtimeMs, Date.now) // renamed by another worker just now
    if (Date.now() - made > keptForMs) await rm(path, { recursive: true, force: true })
  }
}

/** Whatever goes into the bundle: our files, and the packages at the versions of the lock file. */
async function stateOfSource(): Promise<string> {
  const hash = createHash('sha256')
  const files = ['src/errors.ts', 'package-lock.json']
  for (const folder of ['src/prisma-engine', 'src/migrations']) {
    const entries = await readdir(inRepository(folder), { withFileTypes: true })
    for (const entry of entries) if (entry.isFile()) files.push(join(folder, entry.name))
  }
  for (const file of files.sort()) {
    hash.update(file).update(await readFile(inRepository(file)))
  }
  return hash.digest('hex').slice(0, 16)
}

function inRepository(path: string): string {
  return join(repository, path)
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
