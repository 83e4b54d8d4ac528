import type { Failure } from '../errors.ts'
import { shellWord } from '../postgres/quoting.ts'
import type { EncodingProblem } from './file-text.ts'
import { writeLockFile } from './lock-file.ts'

/** Everything that can be wrong with a migrations folder, as an author can put it right. Paths are those of reports. */

export function noFolder(folder: string, because: string, next: readonly string[] = prismaFolder): Failure {
  return {
    code: 'MIGRATIONS.NO_FOLDER',
    what: `There is no migrations folder \`${folder}\`.`,
    why: because,
    next,
  }
}

const prismaFolder = [
  'Name the folder that holds `migration_lock.toml`: --migrations path/to/prisma/migrations',
  'A project without migrations creates its first one: npx prisma migrate dev --name init',
]

export function noLockFile(folder: string, hint: string | undefined): Failure {
  return {
    code: 'MIGRATIONS.NO_LOCK_FILE',
    what: `\`${folder}\` has no \`migration_lock.toml\`.`,
    why:
      hint ??
      'Without it nothing says for which database the SQL was written; Prisma creates it beside the first migration.',
    next: [
      ...(hint === undefined ? [] : ['Name the migrations folder itself: --migrations path/to/prisma/migrations']),
      'If this is the folder, write the file and commit it:',
      writeLockFile(`${folder}/migration_lock.toml`),
    ],
  }
}

export function noSql(file: string): Failure {
  const folder = file.replace(/\/[^/]*$/, '')
  return {
    code: 'MIGRATIONS.NO_SQL',
    what: `\`${folder}\` has no \`migration.sql\`.`,
    why: 'Prisma takes every folder beside `migration_lock.toml` for a migration and stops with P3015 at one without its file.',
    next: [
      `Restore the file: git checkout -- ${shellWord(file)}`,
      `Or remove what is left of the folder: rm -r ${shellWord(folder)}`,
    ],
  }
}

export function unreadable(file: string, message: string): Failure {
  return {
    code: 'MIGRATIONS.UNREADABLE',
    what: `\`${file}\` cannot be read.`,
    why: message,
    next: [`Check what it is and who may read it: ls -ld ${shellWord(file)}`],
  }
}

export function strangeName(name: string, folder: string): Failure {
  return {
    code: 'MIGRATIONS.STRANGE_NAME',
    what: `A folder in \`${folder}\` has a name with characters that cannot be seen: ${JSON.stringify(visible(name))}.`,
    why: 'Line breaks, control characters and marks that turn the direction of writing make a report show something else than what is there.',
    next: ['Rename the folder: letters, digits, `_` and `-`, as `npx prisma migrate dev` writes them.'],
  }
}

function visible(name: string): string {
  return name.replaceAll(invisible, (character) => `<U+${character.codePointAt(0)?.toString(16).padStart(4, '0')}>`)
}

/** Control and format characters, line and paragraph separators. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

export function canBeSeen(name: string): boolean {
  return name.search(invisible) === -1
}

export function empty(file: string, bytes: number): Failure {
  return {
    code: 'MIGRATIONS.EMPTY',
    what: `\`${file}\` is empty.`,
    why: `${bytes === 0 ? 'It has no content at all' : 'It has nothing but white space'}, which is rather a lost migration than one that does nothing. Prisma would record it as applied.`,
    next: [
      `Restore the SQL: git log --oneline -- ${shellWord(file)}`,
      `A migration that is meant to do nothing says so: echo '-- This migration does nothing.' > ${shellWord(file)}`,
    ],
  }
}

export function notText(file: string, problem: EncodingProblem): Failure {
  switch (problem.kind) {
    case 'utf-16':
      return {
        code: 'MIGRATIONS.NOT_UTF8',
        what: `\`${file}\` is ${problem.encoding}, not UTF-8.`,
        why: 'PowerShell 5 writes UTF-16 when the output of `prisma migrate diff --script` is redirected with `>`. PostgreSQL does not take it.',
        next: [
          'Convert it:',
          `iconv -f UTF-16${problem.encoding.includes('little') ? 'LE' : 'BE'} -t UTF-8 ${shellWord(file)} | sed '1s/^\\xEF\\xBB\\xBF//' > ${shellWord(`${file}.utf8`)} && mv ${shellWord(`${file}.utf8`)} ${shellWord(file)}`,
          'Next time let Prisma write the file itself: --output instead of >',
        ],
      }
    case 'byte-order-mark':
      return {
        code: 'MIGRATIONS.BYTE_ORDER_MARK',
        what: `\`${file}\` starts with a byte order mark.`,
        why: 'Prisma sends it along, and PostgreSQL takes it for the beginning of a name: the first statement fails with a syntax error.',
        next: ['Remove the three bytes:', `sed -i '1s/^\\xEF\\xBB\\xBF//' ${shellWord(file)}`],
      }
    case 'nul':
      return {
        code: 'MIGRATIONS.NOT_UTF8',
        what: `\`${file}\` is not a text file.`,
        why: `Byte ${problem.byte} (line ${problem.line}) is NUL, which no PostgreSQL text can contain.`,
        next: [`See what it is: file ${shellWord(file)}`, `Restore it: git log --oneline -- ${shellWord(file)}`],
      }
    case 'not-utf-8':
      return {
        code: 'MIGRATIONS.NOT_UTF8',
        what: `\`${file}\` is not UTF-8.`,
        why: `Byte ${problem.byte} (line ${problem.line}) does not belong to any UTF-8 character. Prisma would replace it and write something else into the database.`,
        next: [
          'If it was saved in the Western European encoding of Windows, convert it:',
          `iconv -f WINDOWS-1252 -t UTF-8 ${shellWord(file)} > ${shellWord(`${file}.utf8`)} && mv ${shellWord(`${file}.utf8`)} ${shellWord(file)}`,
        ],
      }
  }
}

/** One failure for all that is wrong, so that nobody corrects a folder file by file and run by run. */
export function together(failures: readonly Failure[], subject: string): Failure | undefined {
  const [first, ...others] = failures
  if (first === undefined || others.length === 0) return first
  return {
    code: first.code,
    what: `${subject} has ${failures.length} problems.`,
    why: failures.map(({ code, what, why }) => `${code}: ${what} ${why}`).join('\n'),
    next: [...new Set(failures.flatMap(({ next }) => next))],
  }
}
