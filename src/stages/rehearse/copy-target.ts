import type { Context } from '../../context.ts'
import { connect } from '../../postgres/connection.ts'
import { quoteIdentifier } from '../../postgres/quoting.ts'
import { type DatabaseUrl, secretsOf, withSessionOf } from '../../postgres/url.ts'
import type { DatabaseCopy } from '../backup/backup.ts'
import { LastLook } from '../plan/last-look.ts'
import type { Target } from '../preflight/perform.ts'

/** What a copy is a copy of, as far as it is needed to apply migrations to it. */
export type CopiedTarget = Pick<Target, 'url' | 'source' | 'apply'>

/** The copy in the place of production: the same project, the same schema and settings of the session, another server. */
export async function openCopy(context: Context, like: CopiedTarget, copy: DatabaseCopy): Promise<Target> {
  return {
    ...like,
    intent: 'write',
    lastLook: new LastLook(),
    ...(await connected(context, withSessionOf(copy.url, like.url))),
  }
}

async function connected(context: Context, url: DatabaseUrl) {
  context.redactor.add(secretsOf(url))
  const session = await connect(url, 'airlock rehearsal', context.run.signal)
  return { url, session, [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() }
}

/** For SET: a session finds what one of production finds by an unqualified name, once the database of the copy has its settings. */
export function namesOfProduction(url: DatabaseUrl): string {
  return `search_path = ${url.parameters.has('schema') ? quoteIdentifier(url.schema) : 'DEFAULT'}`
}

/** What happens on the copy must not read as if it happened to production. */
export function onCopy(context: Context): Context {
  return { ...context, run: context.run.beside('on the copy: ') }
}
