import { dirname, resolve } from 'node:path'
import { shellWord } from '../../postgres/quoting.ts'
import type { DatabaseUrl } from '../../postgres/url.ts'
import type { RunResult } from '../../result.ts'
import type { WayBack } from '../apply/perform.ts'
import { artifactFiles } from '../backup/store/sealed.ts'
import { nameWithEnding } from '../restore/decide.ts'

export function backupOf(wayBack: WayBack): RunResult['backup'] {
  // A snapshot has no manifest; what it is stands with the stage.
  if (wayBack.kind !== 'backup') return undefined
  const { manifestPath, manifest, tier, bytes } = wayBack
  const artifact = artifactFiles(manifest)
  return {
    manifest: manifestPath,
    tier,
    bytes,
    artifactFiles:
      artifact.kind === 'refused' ? [] : artifact.files.map((name) => resolve(dirname(manifestPath), name)),
  }
}

/** The commands that put the backup beside the database. The swap itself is printed by `restore`, for a person to decide. */
export function stepsBack(wayBack: WayBack, url: DatabaseUrl): readonly string[] {
  if (wayBack.kind === 'waived-by-policy')
    return ['There is no backup of this run: airlock.yml says `backup: { strategy: none }`.']
  if (wayBack.kind === 'snapshot')
    return [
      `To go back to the moment before this run there is ${wayBack.snapshot.where}. It was not restored to prove it.`,
      ...wayBack.snapshot.restoreByHand,
      ...wayBack.notCaptured.map((what) => `Not in it: ${what}.`),
    ]
  const restored = nameWithEnding(url.database, '_restored')
  return [
    'To go back to the moment before this run, put the backup into a new database beside this one (it changes nothing here):',
    `airlock restore --from ${shellWord(wayBack.manifestPath)} --into ${shellWord(restored)}`,
    'It prints how to swap the two. What was written since the backup is only in the present database.',
  ]
}
