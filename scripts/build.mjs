// Bundles Airlock into dist/: flat ES modules with the WebAssembly files beside them. `--check` compares with what is committed.
import { chmod, copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))

const entries = {
  airlock: 'src/entry/cli.ts',
  action: 'src/entry/action.ts',
  'schema-engine': 'src/prisma-engine/main.ts',
  'read-ahead': 'src/migrations/read-ahead-thread.ts',
}

const wasmFiles = [
  join(dirname(require.resolve('libpg-query/wasm/index.js')), 'libpg-query.wasm'),
  join(root, 'node_modules/@prisma/schema-engine-wasm/schema_engine_bg.wasm'),
  join(root, 'node_modules/@guanmingchiu/sqlparser-ts/wasm/sqlparser_rs_wasm_bg.wasm'),
]

export async function build(directory) {
  await rm(directory, { recursive: true, force: true })
  const bundle = await rolldown({
    input: entries,
    cwd: root,
    platform: 'node',
    transform: {
      target: 'node20',
      define: {
        AIRLOCK_VERSION: JSON.stringify(version),
        __dirname: 'import.meta.dirname',
        // Node.js has it from 21 on. Without it pg looks for Cloudflare by making a Response, and the first of those loads
        // all of undici: 70 ms of every run on Node.js 20 (pg 8.23, lib/stream.js).
        navigator: JSON.stringify({ userAgent: 'Node.js' }),
      },
    },
    logLevel: 'warn',
  })
  const { output } = await bundle.write({
    dir: directory,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: ({ moduleIds }) => `${chunkName(moduleIds)}.mjs`,
    comments: { legal: true, annotation: true, jsdoc: false },
  })
  await bundle.close()
  await writeFile(
    join(directory, 'LICENSES.txt'),
    await licences([...output.flatMap((chunk) => chunk.moduleIds ?? []), ...wasmFiles]),
  )
  for (const file of wasmFiles) await copyFile(file, join(directory, file.slice(dirname(file).length + 1)))
  for (const name of ['airlock.mjs', 'schema-engine.mjs']) await chmod(join(directory, name), 0o755)
}

/** What entries share, named for what it is; without a name of its own a chunk gets that of one of its modules. */
const chunkNames = [
  ['src/stages/backup/seal/seal-dump.ts', 'seal'],
  ['src/stages/backup/seal/open-sealed.ts', 'open-sealed'],
  ['node_modules/tar/', 'age-and-tar'],
  ['node_modules/age-encryption/', 'age'],
  ['src/pipeline.ts', 'chain'],
  ['src/entry/short-runs.ts', 'core'],
  ['src/migrations/read-ahead.ts', 'analysis'],
  ['src/rules/empty.ts', 'rules'],
  ['src/stages/rehearse/trace/perform.ts', 'rehearsal'],
  ['src/stages/recover/perform.ts', 'apply-and-recover'],
  ['src/stages/preflight/perform.ts', 'preflight'],
  ['src/stages/plan/digest.ts', 'planning'],
  ['src/postgres/scratch/own-server.ts', 'scratch-server'],
  ['src/stages/backup/stage.ts', 'backup-stage'],
  ['src/stages/gate/decide.ts', 'gate'],
  ['src/janitor/janitor.ts', 'janitor'],
  ['src/migrations/atomic-steps.ts', 'atomic-steps'],
  ['src/postgres/url/say.ts', 'postgres-url'],
  ['src/stages/backup/providers/api/ask.ts', 'provider-api'],
  ['src/stages/backup/providers/decide.ts', 'snapshot-names'],
  ['src/stages/backup/store/s3/sign.ts', 'aws-signature'],
  ['src/sql/parse.ts', 'grammars'],
  ['libpg-query/wasm/index', 'postgres-grammar'],
  ['libpg-query/wasm/libpg-query', 'postgres-grammar-glue'],
  ['src/postgres/driver.ts', 'postgres-driver'],
  ['node_modules/pg/', 'postgres-client'],
  ['src/errors.ts', 'errors'],
  ['src/stages/backup/store/s3/s3-store.ts', 's3-store'],
  ['src/stages/backup/manifest.ts', 'manifest'],
  ['src/migrations/execution-model.ts', 'execution-model'],
  ['src/prisma-engine/planned.ts', 'engine-agreement'],
]

function chunkName(moduleIds) {
  const known = chunkNames.find(([part]) => moduleIds.some((id) => id.includes(part)))
  return known?.[1] ?? '[name]'
}

/** What the packages inside the bundle ask of whoever passes them on. */
async function licences(files) {
  const folders = new Set(files.flatMap((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []))
  const texts = await Promise.all(
    [...folders].map(async (folder) => {
      const {
        name,
        version: packageVersion,
        license,
      } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
      const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry))
      const text =
        file === undefined ? '' : (await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n').trim()
      return `${name} ${packageVersion} (${license ?? 'see below'})\n\n${text}`
    }),
  )
  return `${texts.sort().join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}

/** Every file on either side counts: one that is missing from git is drift as well. */
async function differences(fresh, committed) {
  const names = new Set([...(await readdir(fresh)), ...(await readdir(committed).catch(() => []))])
  const different = []
  for (const name of names) {
    const [a, b] = await Promise.all([fresh, committed].map((folder) => readFile(join(folder, name)).catch(() => null)))
    if (a === null || b === null || !a.equals(b)) different.push(name)
  }
  return different.sort()
}

if (process.argv[2] === '--check') {
  const fresh = await mkdtemp(join(tmpdir(), 'airlock-build-'))
  try {
    await build(fresh)
    const different = await differences(fresh, join(root, 'dist'))
    if (different.length > 0) {
      console.error(
        `dist/ is not what the sources build: ${different.join(', ')}\nRun \`npm run build\` and commit dist/.`,
      )
      process.exitCode = 1
    }
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
} else if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build(join(root, 'dist'))
}
