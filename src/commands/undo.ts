import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Context } from '../context.ts'
import { type Ended, noMigrations } from '../ended.ts'
import { type FailureError, fail, messageOf } from '../errors.ts'
import { startJanitor } from '../janitor/janitor.ts'
import { errnoOf } from '../migrations/errno.ts'
import { shownPath } from '../migrations/folder.ts'
import { urlNamesOf } from '../migrations/open-source.ts'
import { plural } from '../report/words.ts'
import { emptyCatalog } from '../sql/catalog/model.ts'
import type { Statement } from '../sql/model.ts'
import { secretsIn } from '../sql/secrets.ts'
import { analyse } from '../stages/plan/analyse.ts'
import { urlIfGiven } from '../stages/preflight/database.ts'
import { fileWithHeader } from '../stages/rehearse/undo/header.ts'
import { findOwn, type MigrationPlace, type OwnUndo, placesOf } from '../stages/rehearse/undo/own-files.ts'
import { proveUndo } from '../stages/rehearse/undo/prove.ts'
import { executionOf } from '../stages/rehearse/undo/replay.ts'
import type { Undo } from '../stages/rehearse/undo/undo.ts'
import { forgetIn, readUndoFiles, type UndoFiles } from './undo-files.ts'
import { openStateBefore, type StateBefore } from './undo-state.ts'

/** The way back of one migration: the user's own or a generated one, run on a server that goes with the run. */
export async function undo(context: Context): Promise<Ended> {
  const { invocation, run } = context
  if (invocation.migration === undefined) throw noName()
  const files = await readUndoFiles(context, invocation.migration)
  context.redactor.add([...files.before, files.migration].flatMap(({ sql }) => secretsIn(sql)))
  const place: MigrationPlace = { ...files, root: invocation.cwd }
  const [own, ...others] = invocation.overwrite ? [] : await findOwn(place)
  if (own !== undefined && others.length > 0) {
    run.notice(
      `There is more than one way back: \`${own.file}\` counts, not ${others.map(({ file }) => `\`${file}\``).join(', ')}.`,
    )
  }
  const url = await urlIfGiven(context, await urlNamesOf(invocation.cwd, context.config))
  const statements = await analysed(context, files, url?.schema ?? 'public')
  await using janitor = await startJanitor()
  await using state = await run.stage(
    'restore',
    () => openStateBefore(context, janitor, { files, url }),
    ({ summary }) => ({ outcome: 'pass', summary }),
  )
  const proven = await run.stage('rehearse', () => prove(context, { files, statements, own }, state), describe)
  if (proven.kind === 'impossible') throw impossible(files, proven)
  if (proven.kind === 'not-proven') throw notProven(files, proven)
  const written = invocation.write ? await write(context, place, proven, state) : undefined
  return {
    ...noMigrations,
    outcome: 'done',
    reasonCode: proven.kind === 'proven' ? 'undo_proven' : 'undo_lossy',
    reason: reasonOf(files.migration.name, proven, written),
    undo: { ...proven, migration: files.migration.name, server: state.server, file: written },
    next:
      written === undefined && proven.origin.kind === 'generated'
        ? [`airlock undo ${files.migration.name} --write`]
        : [],
  }
}

/** What is known without running it, for tables that have no rows to show it. A file that does not parse is told here. */
async function analysed(
  { run }: Context,
  { before, migration, prismaVersion }: UndoFiles,
  schema: string,
): Promise<readonly Statement[]> {
  return run.stage(
    'plan',
    async () => {
      const { migrations } = await analyse(
        { applied: before, pending: [migration] },
        { prismaVersion, schema, rules: {}, start: emptyCatalog },
      )
      return migrations.flatMap(({ statements }) => statements)
    },
    (statements) => ({ outcome: 'pass', summary: plural(statements.length, 'statement') }),
  )
}

interface ToProve {
  readonly files: UndoFiles
  readonly statements: readonly Statement[]
  readonly own: OwnUndo | undefined
}

async function prove(
  { run }: Context,
  { files: { migration, prismaVersion }, statements, own }: ToProve,
  state: StateBefore,
): Promise<Undo> {
  return proveUndo({
    sql: migration.sql,
    execution: await executionOf(migration.sql, prismaVersion),
    statements,
    own,
    before: state.database,
    clone: state.clone,
    rowsAre: state.rows,
    onProgress: (text) => run.progress(text),
  })
}

function describe(undo: Undo) {
  const outcome = undo.kind === 'proven' || undo.kind === 'lossy' ? 'pass' : 'fail'
  const lost = undo.kind === 'lossy' ? `, ${plural(undo.loses.length, 'loss', 'losses')}` : ''
  return { outcome, summary: `the way back is ${undo.kind}${lost}`, detail: { kind: undo.kind } } as const
}

type Proven = Extract<Undo, { readonly kind: 'proven' | 'lossy' }>

function reasonOf(name: string, undo: Proven, written: string | undefined): string {
  const whose = undo.origin.kind === 'own' ? `Your own ${undo.origin.file}` : 'The way back'
  return [
    undo.kind === 'proven'
      ? `${whose} takes \`${name}\` back and loses nothing that was there before it.`
      : `${whose} takes the structure of \`${name}\` back, and not everything that was in it:`,
    ...undo.loses.map(({ text }) => `lost: ${text}`),
    ...undo.checked.map((what) => `checked: ${what}`),
    ...undo.notChecked.map((what) => `not checked: ${what}`),
    ...undo.writtenSince.map(({ what, sql }) => `lost as well, to be counted before it is run: ${what}: ${sql};`),
    ...(undo.sql.trim() === '' ? ['There is nothing to take back: the file is empty.'] : []),
    ...(written === undefined ? [] : [`Written to ${written}.`]),
  ].join('\n')
}

async function write(
  context: Context,
  place: MigrationPlace,
  undo: Proven,
  state: StateBefore,
): Promise<string | undefined> {
  const { invocation, run, version } = context
  if (undo.origin.kind === 'own') {
    run.notice(
      `Nothing was written: ${undo.origin.file} is there already, and it is yours. --overwrite puts a generated one in its place.`,
    )
    return undefined
  }
  const path = (invocation.overwrite ? (await findOwn(place))[0]?.path : undefined) ?? placesOf(place)[0] ?? ''
  const file = shownPath(place.root, path)
  const { name } = place.migration
  const text = fileWithHeader(undo, {
    migration: name,
    server: state.server,
    airlock: version,
    forget: forgetIn(place.kind, state.schema, name),
  })
  await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
    throw notWritten(file, messageOf(error))
  })
  try {
    await writeFile(path, text, { flag: invocation.overwrite ? 'w' : 'wx' })
  } catch (error) {
    throw notWritten(file, errnoOf(error) === 'EEXIST' ? 'It appeared while the undo was proven.' : messageOf(error))
  }
  return file
}

function noName(): FailureError {
  return fail('USAGE.INVALID', {
    what: '`undo` needs the name of a migration.',
    why: 'One migration is taken back at a time.',
    next: ['airlock undo 20240131120000_add_name'],
  })
}

function impossible({ migration }: UndoFiles, { because }: Extract<Undo, { kind: 'impossible' }>): FailureError {
  return fail('UNDO.IMPOSSIBLE', {
    what: `No SQL takes \`${migration.name}\` back.`,
    why: because,
    next: ['Put a backup into a new database instead: airlock restore --from MANIFEST --into NAME'],
  })
}

function notProven({ migration }: UndoFiles, { because, origin }: Extract<Undo, { kind: 'not-proven' }>): FailureError {
  return fail('UNDO.NOT_PROVEN', {
    what:
      origin.kind === 'own'
        ? `\`${origin.file}\` is no way back from \`${migration.name}\`.`
        : `No way back from \`${migration.name}\` could be proven.`,
    why: because,
    next:
      origin.kind === 'own'
        ? ['Correct the file, or have one generated in its place:', `airlock undo ${migration.name} --overwrite`]
        : [
            'Write it by hand beside the migration and have it proven by the same command.',
            'Where code depends on rows: airlock undo MIGRATION --from NAME.manifest.json',
          ],
  })
}

function notWritten(file: string, why: string): FailureError {
  return fail('UNDO.NOT_WRITTEN', {
    what: `The way back was proven, and \`${file}\` could not be written.`,
    why,
    next: ['Check the folder and who may write there; without --write the SQL is only printed.'],
  })
}
