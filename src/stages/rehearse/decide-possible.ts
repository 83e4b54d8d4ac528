import { type Failure, fail } from '../../errors.ts'
import { fileStatements } from '../../migrations/execution-statements.ts'
import type { Statement } from '../../sql/model.ts'
import type { Plan } from '../plan/plan.ts'
import { reachesOut } from './trace/decide-step.ts'

/** What the copy is on. */
export interface CopyServer {
  readonly kind: 'installed' | 'embedded' | 'url'
  readonly extensions: { has(name: string): boolean }
}

/** Why these migrations cannot be rehearsed on a copy, although they may be right. */
export function whyNotOnCopy({ migrations }: Plan, server: CopyServer): string | undefined {
  for (const { name, statements } of migrations) {
    for (const statement of statements) {
      const why = whyNot(statement, server)
      if (why !== undefined) return `${name}:${statement.range.line} ${why}`
    }
  }
  return undefined
}

function whyNot({ kind, sql }: Statement, { kind: where, extensions }: CopyServer): string | undefined {
  const words = fileStatements(sql)[0]?.words ?? []
  const reaches = reachesOut(words)
  if (reaches !== undefined) return reaches
  if (kind === 'CreateExtensionStmt') {
    const [, quoted, plain] = /\bEXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:"([^"]+)"|([\w$]+))/i.exec(sql) ?? []
    const extension = quoted ?? plain?.toLowerCase()
    if (extension === undefined || !extensions.has(extension))
      return `the extension ${extension ?? ''} is not on the scratch server`
  }
  if (/^(?:GRANT|REVOKE)\b[\s\S]*\bON\s+DATABASE\b/i.test(sql))
    return 'it names the database, and the copy has another name'
  // Roles belong to the server, and the migrations run there twice.
  if (kind === 'DropRoleStmt' || kind === 'DropOwnedStmt' || kind === 'ReassignOwnedStmt')
    return 'it removes roles or what they own, and the second run would not meet them'
  if (kind === 'RenameStmt' && /^ALTER\s+(?:ROLE|USER|GROUP)\b/i.test(sql))
    return 'it renames a role, and the second run would not meet it'
  if (kind === 'CreateRoleStmt' && where === 'url') return 'a role that it creates would stay on the scratch server'
  return undefined
}

export function notPossible(because: string): Failure {
  return {
    code: 'REHEARSAL.NOT_POSSIBLE',
    what: 'What is pending cannot be rehearsed on a copy.',
    why: because,
    next: [
      'Take it out of the migrations, and do it by hand once they are applied.',
      'Or let this deploy go without a rehearsal, in airlock.yml under the environment: `rehearse: off`.',
    ],
  }
}

export function noCopy() {
  return fail('REHEARSAL.NO_COPY', {
    what: 'airlock.yml asks for a rehearsal on the data, and there is no copy of it.',
    why: 'Only a backup that was restored for its proof leaves one: not a snapshot of the provider, not `strategy: none`, and not one that is proven to a lesser tier.',
    next: [
      'Have the backup proven by a restore, in airlock.yml under the environment:',
      'backup: { strategy: pg_dump, tier: compared }',
      'Or rehearse on the tables without their rows: `rehearse: schema`.',
      'Or say that nothing is rehearsed: `rehearse: off`.',
    ],
  })
}
