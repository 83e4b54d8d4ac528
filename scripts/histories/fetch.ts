// Brings the migrations folders of public repositories onto this machine, each as its commit has it. None is kept here.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Source {
  readonly history: string
  readonly repository: string
  readonly commit: string
  readonly folder: string
}

const sources = JSON.parse(readFileSync(new URL('sources.json', import.meta.url), 'utf8')) as readonly Source[]

/** `from`: a directory of bare repositories named owner+name that are already here, instead of GitHub. */
export function fetchHistories(into: string, from: string | undefined): void {
  let files = 0
  for (const source of sources) {
    const target = join(into, source.history)
    if (!existsSync(target)) bring(source, from, target)
    const migrations = readdirSync(target).filter((name) => existsSync(join(target, name, 'migration.sql'))).length
    files += migrations
    console.log(`${source.history}: ${migrations} migrations`)
  }
  console.log(`${files} migrations of ${sources.length} histories in ${into}`)
}

function bring(source: Source, from: string | undefined, target: string): void {
  const scratch = mkdtempSync(join(tmpdir(), 'history-'))
  try {
    if (from === undefined) cloneSparsely(source, scratch)
    else exportFrom(join(from, source.repository.replace('/', '+')), source, scratch)
    mkdirSync(target, { recursive: true })
    cpSync(join(scratch, source.folder), target, { recursive: true })
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function cloneSparsely({ repository, commit, folder }: Source, into: string): void {
  const url = `https://github.com/${repository}.git`
  git('clone', '--quiet', '--filter=blob:none', '--sparse', '--no-checkout', url, into)
  git('-C', into, 'sparse-checkout', 'set', folder)
  git('-C', into, 'checkout', '--quiet', commit)
}

function exportFrom(bare: string, { commit, folder }: Source, into: string): void {
  const archive = join(into, 'archive.tar')
  // The folder alone: a repository that was copied without its largest files can still give it.
  git('--git-dir', bare, 'archive', '--output', archive, `--prefix=${folder}/`, `${commit}:${folder}`)
  execFileSync('tar', ['-xf', archive, '-C', into])
}

function git(...args: readonly string[]): void {
  execFileSync('git', args, { stdio: ['ignore', 'ignore', 'inherit'] })
}
