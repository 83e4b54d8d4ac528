import { spawnSync } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FailureError } from '../../../../src/errors.ts'
import { startJanitor } from '../../../../src/janitor/janitor.ts'
import type { ClientTools } from '../../../../src/postgres/client-choice.ts'
import { type Random, randomFrom } from '../../../truth/generator/random.ts'
import { check } from '../lab-backup.ts'
import { type Files, mutate } from './mutations.ts'
import type { Original, Originals } from './originals.ts'

export interface Tally {
  readonly shape: string
  intact: number
  damaged: number
  /** Damage to the dump itself, not to its manifest, of a dump that pg_restore can read at all. */
  listed: number
  /** Of these, what `pg_restore --list` has nothing to say about. */
  listMissed: number
}

export interface CorruptionResult {
  readonly tallies: readonly Tally[]
  /** Damage that was not noticed: must be empty. */
  readonly undetected: readonly string[]
  /** Intact backups that were refused: must be empty. */
  readonly rejected: readonly string[]
}

/** Damages backups at random and asks `restore --dry-run` about each; what is whole is asked about in between. */
export async function runCorruption(
  originals: Originals,
  client: ClientTools,
  work: string,
  { count, seed }: { readonly count: number; readonly seed: number },
): Promise<CorruptionResult> {
  await using janitor = await startJanitor()
  const random = randomFrom(seed)
  const tallies = new Map(originals.all.map(({ shape }) => [shape, newTally(shape)]))
  const undetected: string[] = []
  const rejected: string[] = []
  const refused = async (files: Files, identityFile: string): Promise<string | undefined> => {
    const manifest = [...files.keys()].find((name) => name.endsWith('.manifest.json')) ?? 'NAME.manifest.json'
    try {
      await check(join(work, manifest), {
        clients: { usable: [client], unusable: [], searched: [] },
        identityFile,
        janitor,
      })
      return undefined
    } catch (thrown) {
      // A failure with a code is an answer; anything else is a bug of ours and ends the run.
      if (thrown instanceof FailureError) return thrown.failure.code
      throw thrown
    }
  }

  for (const { shape, files } of originals.all) {
    await layOut(work, files)
    const code = await refused(files, originals.identityFile)
    const tally = tallies.get(shape)
    if (tally !== undefined) tally.intact += 1
    if (code !== undefined) rejected.push(`${shape}: ${code}`)
  }
  for (let done = 0; done < count; done += 1) {
    const original = random.pick(originals.all)
    const tally = tallies.get(original.shape)
    if (tally === undefined) throw new Error(`no tally of ${original.shape}`)
    const { says, files, identityFile } = damage(original, originals, random)
    await layOut(work, files)
    tally.damaged += 1
    const code = await refused(files, identityFile)
    if (code === undefined) undetected.push(`${original.shape}: ${says}`)
    const dump = dumpIn(original, files)
    if (dump === undefined) continue
    tally.listed += 1
    if (spawnSync(client.restore, ['--list', join(work, dump)], { stdio: 'ignore' }).status === 0) tally.listMissed += 1
  }
  await rm(work, { recursive: true, force: true })
  return { tallies: [...tallies.values()], undetected, rejected }
}

function newTally(shape: string): Tally {
  return { shape, intact: 0, damaged: 0, listed: 0, listMissed: 0 }
}

function damage(original: Original, { all, identityFile, strangersFile }: Originals, random: Random) {
  if (original.sealed && random.percent(8))
    return { says: 'wrong key', files: original.files, identityFile: strangersFile }
  const others = all.filter((other) => other !== original).map(({ files }) => files)
  return { ...mutate(original.files, others, random), identityFile }
}

/** For pg_restore, where it is the dump that is damaged. */
function dumpIn({ sealed, files: whole }: Original, files: Files): string | undefined {
  const dumpFiles = [...whole].filter(([name]) => !name.endsWith('.manifest.json'))
  const names = new Set([...files.keys()].filter((name) => !name.endsWith('.manifest.json')))
  const same = names.size === dumpFiles.length && dumpFiles.every(([name, content]) => files.get(name)?.equals(content))
  const [first] = dumpFiles
  if (sealed || same || first === undefined) return undefined
  return first[0].split('/')[0]
}

async function layOut(work: string, files: Files): Promise<void> {
  await rm(work, { recursive: true, force: true })
  await mkdir(work, { recursive: true })
  for (const [name, content] of files) {
    const path = join(work, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
  }
}
