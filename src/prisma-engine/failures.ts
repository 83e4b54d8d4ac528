/** An answer that is an error: with a code of Prisma's where it is one that users know. */
export class EngineFailure extends Error {
  override readonly name = 'EngineFailure'
  /** `P1001` and the like. */
  readonly code: string | undefined
  readonly meta: Readonly<Record<string, unknown>>

  constructor(code: string | undefined, message: string, meta: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.code = code
    this.meta = meta
  }
}

export function toEngineFailure(thrown: unknown): EngineFailure {
  if (thrown instanceof EngineFailure) return thrown
  if (!(thrown instanceof Error)) return new EngineFailure(undefined, String(thrown))
  const code = textField(thrown, 'code')
  // The engine's own errors carry Prisma's code; a code of Node.js or a SQLSTATE is none.
  return new EngineFailure(code !== undefined && /^P\d{4}$/.test(code) ? code : undefined, thrown.message)
}

export function textField(value: object, name: string): string | undefined {
  const field: unknown = (value as Readonly<Record<string, unknown>>)[name]
  return typeof field === 'string' && field !== '' ? field : undefined
}

export interface Place {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
}

const unreachable: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'ECONNRESET',
  'ENOENT',
  'EACCES',
])

/** Why a connection could not be made, in Prisma's codes (its error reference: P1000 to P1017, P2037). */
export function connectionFailure(thrown: unknown, place: Place): EngineFailure {
  if (thrown instanceof EngineFailure) return thrown
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const code = textField(error, 'code') ?? ''
  const server = `\`${place.host}:${place.port}\``
  const said = error.message === '' ? code : error.message
  const meta = { database_host: place.host, database_port: place.port }
  // The driver notices an empty password before the server can refuse it.
  const isEmpty = /client password must be/.test(said)
  if (code === '28P01' || isEmpty) {
    const problem = isEmpty
      ? `the URL has no password for \`${place.user}\``
      : `the password of \`${place.user}\` is not valid`
    const message = `Authentication failed against the database server at ${server}: ${problem}.`
    return new EngineFailure('P1000', message, { ...meta, database_user: place.user })
  }
  if (code === '28000') {
    return new EngineFailure(
      'P1010',
      `\`${place.user}\` has no access to the database \`${place.database}\`: ${said}`,
      meta,
    )
  }
  if (code === '3D000') {
    return new EngineFailure(
      'P1003',
      `Database \`${place.database}\` does not exist on the database server at ${server}.`,
      {
        ...meta,
        database_name: place.database,
      },
    )
  }
  if (code === '53300') return new EngineFailure('P2037', `Too many database connections opened: ${said}`)
  if (isTls(error, code)) return new EngineFailure('P1011', `Error opening a TLS connection: ${said}`)
  if (unreachable.has(code) || code === '57P03' || /timeout expired|terminated unexpectedly/.test(said)) {
    return new EngineFailure('P1001', `Can't reach database server at ${server}: ${said}`, meta)
  }
  return new EngineFailure(undefined, code === '' ? said : `${said} (SQLSTATE ${code})`)
}

function isTls(error: Error, code: string): boolean {
  return /SSL|TLS|CERT|SELF_SIGNED|UNABLE_TO_/.test(code) || /\bSSL\b|\bTLS\b|certificate/i.test(error.message)
}
