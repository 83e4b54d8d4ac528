import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Ajv, type ValidateFunction } from 'ajv'

/**
 * A server that behaves as a provider’s published description (OpenAPI 3.0) says. Every request is held against it and
 * every answer as well: what the description does not have is a violation, and `violations` has to stay empty.
 */
export interface PublishedApi extends AsyncDisposable {
  readonly origin: string
  readonly requests: readonly ApiCall[]
  readonly violations: readonly string[]
}

export interface ApiCall {
  readonly operation: string
  readonly method: string
  readonly path: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly authorization: string
  readonly body: unknown
}

/** `null`: the connection is cut without a word. */
export type ApiReply = {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Said by something that stands before the API, so the description does not know it. */
  readonly foreign?: string
} | null

export type Behaviour = (call: ApiCall) => ApiReply | Promise<ApiReply>

type Json = { readonly [key: string]: unknown }

export async function servePublishedApi(description: Json, basePath: string, behave: Behaviour): Promise<PublishedApi> {
  const ajv = new Ajv({ strict: false, formats: formats() })
  ajv.addSchema(withoutNullable(description), 'api')
  const compiled = new Map<string, ValidateFunction>()
  const validate = (pointer: string, value: unknown): string | undefined => {
    const check = compiled.get(pointer) ?? ajv.compile({ $ref: `api#${pointer}` })
    compiled.set(pointer, check)
    return check(value) ? undefined : ajv.errorsText(check.errors)
  }
  const requests: ApiCall[] = []
  const violations: string[] = []

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://here')
    const method = (request.method ?? 'GET').toLowerCase()
    const found = findOperation(description, url.pathname.slice(basePath.length), method)
    if (found === undefined || !url.pathname.startsWith(basePath)) {
      violations.push(`${method} ${url.pathname} is not in the description`)
      response.writeHead(404).end()
      return
    }
    const text = await bodyOf(request)
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    for (const problem of requestProblems(found, url.searchParams, body, validate, description)) {
      violations.push(`${found.id}: ${problem}`)
    }
    const call: ApiCall = {
      operation: found.id,
      method,
      path: found.path,
      query: url.searchParams,
      authorization: request.headers.authorization ?? '',
      body,
    }
    requests.push(call)
    const reply = await behave(call)
    if (reply === null) {
      request.socket.destroy()
      return
    }
    if (reply.foreign !== undefined) {
      response.writeHead(reply.status, { 'content-type': 'text/html', ...reply.headers }).end(reply.foreign)
      return
    }
    const pointer = answerPointer(description, found.pointer, reply.status)
    const problem =
      pointer === undefined ? 'no such answer' : pointer === '' ? undefined : validate(pointer, reply.body)
    if (problem !== undefined) violations.push(`${found.id} answered ${reply.status}: ${problem}`)
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
    response.end(reply.body === undefined ? '' : JSON.stringify(reply.body))
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((thrown: unknown) => {
      violations.push(String(thrown))
      response.destroy()
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    requests,
    violations,
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

interface Operation {
  readonly id: string
  readonly pointer: string
  readonly path: Readonly<Record<string, string>>
  /** Pointers to the parameters of the path and of the operation. */
  readonly parameters: readonly string[]
}

function findOperation(description: Json, path: string, method: string): Operation | undefined {
  const paths = at(description, '/paths') as Json
  for (const template of Object.keys(paths).sort((a, b) => variablesIn(a) - variablesIn(b))) {
    const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
    const values = new RegExp(`^${template.replaceAll(/\{\w+\}/g, '([^/]+)')}$`).exec(path)
    const pointer = `/paths/${escapePart(template)}/${method}`
    const operation = at(description, pointer) as Json | undefined
    if (values === null || operation === undefined) continue
    const own = [`/paths/${escapePart(template)}/parameters`, `${pointer}/parameters`].flatMap((list) =>
      ((at(description, list) as unknown[] | undefined) ?? []).map((_, index) =>
        resolve(description, `${list}/${index}`),
      ),
    )
    return {
      id: String(operation.operationId),
      pointer,
      path: Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(values[index + 1] ?? '')])),
      parameters: own,
    }
  }
  return undefined
}

function requestProblems(
  { path, pointer, parameters }: Operation,
  query: URLSearchParams,
  body: unknown,
  validate: (pointer: string, value: unknown) => string | undefined,
  description: Json,
): string[] {
  const problems: string[] = []
  const known = new Set<string>()
  for (const parameter of parameters) {
    const { name, in: place, required } = at(description, parameter) as { name: string; in: string; required?: boolean }
    if (place !== 'path' && place !== 'query') continue
    known.add(`${place} ${name}`)
    const given = place === 'path' ? path[name] : (query.get(name) ?? undefined)
    if (given === undefined && required === true) problems.push(`${name} is missing`)
    if (given === undefined) continue
    const type = (at(description, resolve(description, `${parameter}/schema`)) as Json | undefined)?.type
    const value = type === 'integer' ? Number(given) : type === 'boolean' ? given === 'true' : given
    const problem = validate(`${parameter}/schema`, value)
    if (problem !== undefined) problems.push(`${name}: ${problem}`)
  }
  for (const name of query.keys()) if (!known.has(`query ${name}`)) problems.push(`there is no parameter ${name}`)
  const schema = `${pointer}/requestBody/content/application~1json/schema`
  const hasSchema = at(description, schema) !== undefined
  if (body !== undefined)
    problems.push(...[hasSchema ? validate(schema, body) : 'takes no body'].filter((p) => p !== undefined))
  if (body === undefined && (at(description, `${pointer}/requestBody/required`) as boolean | undefined) === true) {
    problems.push('the body is missing')
  }
  if (hasSchema && body !== undefined) problems.push(...unknownKeys(description, schema, body))
  return problems
}

/** The description allows more than it names; we do not send what it does not name. */
function unknownKeys(description: Json, pointer: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  const named = propertiesOf(description, pointer)
  return Object.entries(value).flatMap(([key, inside]) => {
    const property = named.get(key)
    if (property === undefined) return named.size === 0 ? [] : [`there is no property ${key}`]
    return unknownKeys(description, property, inside)
  })
}

function propertiesOf(description: Json, pointer: string): Map<string, string> {
  const place = resolve(description, pointer)
  const { allOf = [], properties = {} } = at(description, place) as { allOf?: unknown[]; properties?: Json }
  return new Map([
    ...allOf.flatMap((_, index) => [...propertiesOf(description, `${place}/allOf/${index}`)]),
    ...Object.keys(properties).map((name) => [name, `${place}/properties/${escapePart(name)}`] as const),
  ])
}

/** Empty where that answer has no body. */
function answerPointer(description: Json, operation: string, status: number): string | undefined {
  for (const name of [String(status), 'default']) {
    if (at(description, `${operation}/responses/${name}`) === undefined) continue
    const response = resolve(description, `${operation}/responses/${name}`)
    const schema = `${response}/content/application~1json/schema`
    return at(description, schema) === undefined ? '' : schema
  }
  return undefined
}

function resolve(description: Json, pointer: string): string {
  const value = at(description, pointer) as Json | undefined
  return typeof value?.$ref === 'string' ? resolve(description, value.$ref.slice(1)) : pointer
}

function at(description: Json, pointer: string): unknown {
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], description)
}

function escapePart(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1')
}

function variablesIn(template: string): number {
  return template.split('{').length
}

/** OpenAPI 3.0 spells what may be null in its own way. */
function withoutNullable(value: unknown): never {
  const walk = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(walk)
    if (typeof node !== 'object' || node === null) return node
    const { nullable, ...rest } = node as Json
    const inside = Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, walk(item)]))
    return nullable === true ? { anyOf: [inside, { type: 'null' }] } : inside
  }
  return walk(value) as never
}

function formats() {
  const integer = { type: 'number', validate: Number.isInteger } as const
  return {
    'date-time': (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text),
    uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    uri: (text: string) => URL.canParse(text),
    email: /@/,
    binary: true,
    double: true,
    int: integer,
    int32: integer,
    int64: integer,
    uint64: integer,
  } as const
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
