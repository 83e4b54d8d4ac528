type Environment = Readonly<Record<string, string | undefined>>

export interface ProductionWords {
  readonly host: string
  readonly port: number
  readonly user: string
  /** Password and URL, in every spelling. */
  readonly secrets: readonly string[]
}

const libpqConnection = /^PG(?:HOST|HOSTADDR|PORT|DATABASE|USER|PASSWORD|PASSFILE|SERVICE|SERVICEFILE)$/

/** `postgres:`, `postgresql+asyncpg:`, `jdbc:postgresql:`, `prisma+postgres:`, and Prisma's own, which leads through its proxy. */
const databaseUrl = /^\s*["']?(?:[a-z0-9.+:-]*postgres(?:ql)?[a-z0-9.+-]*:|prisma[a-z0-9.+-]*:\/\/)/i

/** A program that reads its connection under another name must not reach production from here. */
export function onlyTheCopy(env: Environment, copyUrl: string): Environment {
  return Object.fromEntries(
    Object.entries(env)
      .filter(([name]) => !libpqConnection.test(name))
      .map(([name, value]) => [name, databaseUrl.test(value ?? '') ? copyUrl : value]),
  )
}

/** The first variable by which a program could still reach production. Its value is nobody's business. */
export function leadsToProduction(
  env: Environment,
  copyUrl: string,
  production: ProductionWords | undefined,
): string | undefined {
  if (production === undefined) return undefined
  return Object.entries(env).find(
    ([name, value = '']) => value !== copyUrl && !/^no_proxy$/i.test(name) && tells(value.toLowerCase(), production),
  )?.[0]
}

function tells(value: string, { host, port, user, secrets }: ProductionWords): boolean {
  const given = value.trim()
  const at = host.toLowerCase()
  if (given === at || secrets.some((secret) => holds(value, secret.toLowerCase()))) return true
  // This machine is in many variables that are about something else.
  const hosts = thisMachine.test(at) ? [`${at}:${port}`, `${user.toLowerCase()}@${at}`] : [at]
  return hosts.some((one) => standsIn(value, one))
}

const thisMachine = /^(?:localhost|127\.[\d.]+|::1|[/@].*)$/

/** Of a short password, which may be any word, only the whole value tells. */
const shortestTelling = 8

function holds(value: string, secret: string): boolean {
  return secret.length < shortestTelling ? secret !== '' && value.trim() === secret : value.includes(secret)
}

/** As a name of its own: `db` is not in `/lib/db-tools`. */
function standsIn(value: string, word: string): boolean {
  for (let at = value.indexOf(word); at >= 0; at = value.indexOf(word, at + 1))
    if (!partOfName.test(value[at - 1] ?? '') && !partOfName.test(value[at + word.length] ?? '')) return true
  return false
}

const partOfName = /[\w.-]/
