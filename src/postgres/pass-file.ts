import { lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fail } from '../errors.ts'

export interface PassFile {
  readonly environment: Readonly<Record<string, string>>
  remove(): void
}

/**
 * libpq's password file (manual, chapter "The Password File"): ignored unless it is a plain file with mode 0600.
 * In a folder that only we may enter, removed by the caller, or at the latest when the process exits.
 */
export function writePassFile(password: string | undefined, parent = tmpdir()): PassFile {
  if (password === undefined || password === '') return { environment: {}, remove: () => undefined }
  if (/[\n\r\0]/.test(password)) {
    throw fail('URL.UNESCAPED', {
      what: 'The password in the connection URL contains a line break or a zero byte.',
      why: 'A PostgreSQL password file holds one password on one line, so pg_dump and pg_restore cannot be given this one.',
      next: ['Check the end of the secret for a `%0A` or `%0D` that came with copying it.'],
    })
  }
  removePassFilesOfTheDead()
  const folder = mkdtempSync(join(parent, `airlock-pass-${process.pid}-`))
  const remove = () => {
    process.off('exit', remove)
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', remove)
  const path = join(folder, 'pgpass')
  // Every server the child connects to is the one its environment names, so the first four fields match everything.
  writeFileSync(path, `*:*:*:*:${password.replace(/[\\:]/g, '\\$&')}\n`, { mode: 0o600 })
  return { environment: { PGPASSFILE: path }, remove }
}

/** A process that was killed could not clean up; the next one does it, on a runner that keeps its disk. */
export function removePassFilesOfTheDead(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^airlock-pass-(\d+)-/.exec(name)?.[1])
    const path = join(tmpdir(), name)
    if (Number.isNaN(pid) || isAlive(pid)) continue
    if (lstatSync(path, { throwIfNoEntry: false })?.uid === process.getuid?.()) {
      rmSync(path, { recursive: true, force: true })
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}
