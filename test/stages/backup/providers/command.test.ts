import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandSchema } from '../../../../src/config/providers.ts'
import { FailureError } from '../../../../src/errors.ts'
import { type Janitor, startJanitor } from '../../../../src/janitor/janitor.ts'
import { commandStrategy } from '../../../../src/stages/backup/providers/command/command.ts'
import { environmentFor } from '../../../../src/stages/backup/providers/command/decide.ts'
import { newBackup, readListing } from '../../../../src/stages/backup/providers/command/listing.ts'
import { tempFolder } from '../../../lab/temp.ts'

const password = 'p:a/s@s%word'
let janitor: Janitor
beforeAll(async () => {
  janitor = await startJanitor()
})
afterAll(() => janitor[Symbol.asyncDispose]())

interface Try {
  readonly take: string
  readonly verify?: string
  readonly list?: string
  readonly limit?: string
  readonly says?: string
  readonly signal?: AbortSignal
}

/** Scripts stand where somebody's programs are: each part is run by a shell, in a folder of its own. */
async function attempt({ take, verify, list, limit, says, signal }: Try) {
  await using folder = await tempFolder()
  const shell = (script: string) => ['sh', '-c', script, 'program', '{name}']
  const settings = commandSchema.parse({
    take: shell(take),
    ...(verify === undefined ? {} : { verify: [...shell(verify), '{id}'] }),
    ...(list === undefined ? {} : { list: shell(list) }),
    ...(says === undefined ? {} : { 'verify-says': says }),
    'time-limit': limit ?? '20s',
    restore: 'bring back {id}',
  })
  await mkdir(join(folder.path, 'kept'))
  const strategy = commandStrategy(settings, {
    environment: { PATH: process.env.PATH, DATABASE_URL: 'postgresql://u:x@h/d', PGHOST: 'elsewhere', CLOUD_KEY: 'k' },
    connection: { environment: { PGHOST: '127.0.0.1', PGUSER: 'app' }, password },
    cwd: folder.path,
    janitor,
  })
  const outcome = await strategy
    .take({
      name: 'airlock-shop-20261121t160000z',
      signal: signal ?? new AbortController().signal,
      onProgress: () => undefined,
    })
    .catch((thrown: unknown) => {
      if (thrown instanceof FailureError) return thrown.failure
      throw thrown
    })
  const note = await readFile(join(folder.path, 'note'), 'utf8').catch(() => '')
  return { outcome, note }
}

describe('programs of the user’s own', () => {
  it('gives the connection in libpq’s variables and a pass file, and nothing of it in arguments or other variables', async () => {
    const { outcome, note } = await attempt({
      take: 'touch "kept/$1"; { env; echo "arguments $0 $*"; stat -c %a "$PGPASSFILE"; cat "$PGPASSFILE"; } > note',
      list: 'ls kept',
      verify: 'test -e "kept/$2"',
    })
    expect(outcome).toMatchObject({
      proven: 'checksum',
      snapshot: { id: 'airlock-shop-20261121t160000z', restoreByHand: ['bring back airlock-shop-20261121t160000z'] },
    })
    expect(note).toMatch(/^PGHOST=127\.0\.0\.1$/m)
    expect(note).toMatch(/^CLOUD_KEY=k$/m)
    expect(note).toMatch(/^600\n\*:\*:\*:\*:p\\:a\/s@s%word$/m)
    expect(note).not.toMatch(/DATABASE_URL|elsewhere|p:a\/s@s%word/)
    expect(note).toContain('arguments program airlock-shop-20261121t160000z\n')
  })

  it('fails with the last lines of what the program said, without the password', async () => {
    const { outcome } = await attempt({
      take: `echo line-before; echo "could not log in with '$(sed "s/^\\*:\\*:\\*:\\*://; s/\\\\\\\\//" "$PGPASSFILE")'" >&2; exit 7`,
    })
    expect(outcome).toMatchObject({ code: 'BACKUP.COMMAND_FAILED', what: 'The program that makes the backup failed.' })
    const { why } = outcome as { why: string }
    expect(why).toContain('`sh` ended with exit code 7.\nline-before\ncould not log in with')
    expect(why).toContain('***')
    expect(why).not.toContain(password)
  })

  it.each([
    [
      'the program does nothing and says that all is well',
      { take: 'true', list: 'ls kept' },
      /shows no backup that was not there before/,
    ],
    [
      'somebody else made one at the same time',
      { take: 'touch kept/a kept/b', list: 'ls kept' },
      /2 new backups \(a, b\)/,
    ],
    ['the list fails', { take: 'touch kept/a', list: 'test ! -e kept/a' }, /exit code 1/],
    [
      'the list is JSON of an unknown form',
      { take: 'touch kept/a', list: 'echo "{}"' },
      /neither pgBackRest’s nor WAL-G’s/,
    ],
    [
      'the check fails',
      { take: 'touch kept/a', list: 'ls kept', verify: 'echo damaged; exit 3' },
      /exit code 3\.\ndamaged/,
    ],
    [
      'the check ends well and does not say so',
      { take: 'touch kept/a', list: 'ls kept', verify: 'echo status: error', says: 'status: ok' },
      /did not say `status: ok`/,
    ],
    ['the program does not end', { take: 'sleep 60', limit: '300ms' }, /stopped after 0\.3 s, the `time-limit`/],
    ['the list does not end', { take: 'touch kept/a', list: 'yes' }, /wrote more than 4194304 bytes/],
    ['a program is killed', { take: 'kill -9 $$' }, /ended by a signal/],
  ])('fails when %s', async (_, settings, why) => {
    const { outcome } = await attempt(settings)
    expect(outcome).toMatchObject({ code: 'BACKUP.COMMAND_FAILED', why: expect.stringMatching(why) })
  })

  it('says what is not known where there is neither a list nor a check', async () => {
    const { outcome } = await attempt({ take: 'true' })
    const notChecked = [/no `list`/, /no `verify`/, /whether it restores/].map((text) => expect.stringMatching(text))
    expect(outcome).toMatchObject({ proven: 'nothing', snapshot: { id: null }, notChecked })
  })

  it('ends the program and all that it started when the run is cancelled', async () => {
    const cancel = new AbortController()
    setTimeout(() => cancel.abort(), 500)
    const { outcome } = await attempt({ take: 'sleep 61 & sleep 61; wait', signal: cancel.signal })
    expect(outcome).toMatchObject({ code: 'RUN.CANCELLED' })
  })

  it('refuses settings that cannot be followed', async () => {
    const refused = async (settings: object) => {
      try {
        commandStrategy(commandSchema.parse({ restore: 'r', ...settings }), {
          environment: {},
          connection: { environment: {}, password: undefined },
          cwd: '/',
          janitor,
        })
        return ''
      } catch (thrown) {
        return thrown instanceof FailureError ? thrown.failure.why : String(thrown)
      }
    }
    expect(await refused({ take: ['a'], verify: ['b', '{id}'] })).toMatch(/no `list`/)
    expect(await refused({ take: ['a', '{id}'] })).toMatch(/known only afterwards/)
    expect(await refused({ take: ['a'], verify: ['/usr/bin/pgbackrest', 'verify'] })).toMatch(
      /exit code 0 on a damaged/,
    )
    expect(await refused({ take: ['a'], verify: ['b'] })).toBe('')
  })
})

describe('what programs list', () => {
  it.each([
    [
      'a stanza with an error',
      '[{"name":"main","backup":[],"status":{"code":99,"message":"other"}}]',
      'Stanza main: other',
    ],
    [
      'two stanzas',
      JSON.stringify(['a', 'b'].map((name) => ({ name, backup: [], status: { code: 0, message: 'ok' } }))),
      'name one with --stanza',
    ],
    ['no stanza at all', '[]', undefined],
    ['a list that was cut off', '[{"name":', 'It looks like JSON'],
    ['lines that start alike', 'backup 1\nbackup 2', 'same word'],
  ])('reads %s as what it is', (_, text, why) => {
    const listing = readListing(text, 'program')
    if (why === undefined) expect(listing).toEqual({ kind: 'read', backups: [] })
    else expect(listing).toMatchObject({ kind: 'unreadable', failure: { why: expect.stringContaining(why) } })
  })

  it('reads WAL-G’s list, with the end of its log as the server writes it', () => {
    const listing = readListing(
      '[{"backup_name":"base_000000010000000000000004","time":"2026-11-21T16:00:00Z","finish_lsn":4362076416,"uncompressed_size":31}]',
      'wal-g',
    )
    expect(listing).toEqual({
      kind: 'read',
      backups: [
        {
          id: 'base_000000010000000000000004',
          at: new Date('2026-11-21T16:00:00Z'),
          lsn: '1/4000100',
          bytes: 31,
          damaged: false,
        },
      ],
    })
  })

  it('does not take a backup that its maker calls damaged', () => {
    const damaged = { id: 'a', at: null, lsn: null, bytes: null, damaged: true }
    expect(newBackup([], [damaged], 'p')).toMatchObject({
      kind: 'none',
      failure: { why: 'The list says that a has errors.' },
    })
  })

  it('hands on the environment without what is ours and without anything that has the password in it', () => {
    const given = {
      AWS_SECRET_ACCESS_KEY: 'a',
      PGBACKREST_STANZA: 'main',
      PGPASSWORD: 'x',
      WALG_URL: `://u:${password}@h`,
      INPUT_X: '1',
      AIRLOCK_Y: '2',
      GITHUB_TOKEN: '3',
      NONE: undefined,
    }
    expect(environmentFor(given, [password])).toEqual({ AWS_SECRET_ACCESS_KEY: 'a', PGBACKREST_STANZA: 'main' })
  })
})
