import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { NotifyEvent } from '../../src/notify/event.ts'
import { createSlack, type Delivery, describeDelivery, type SlackOptions } from '../../src/notify/slack.ts'
import { Redactor } from '../../src/redact.ts'

const secretPath = '/services/T00000000/B00000000/verysecrettoken'
const started: NotifyEvent = { kind: 'started', run: { environment: 'production' }, migrations: ['a'] }
const failed: NotifyEvent = {
  kind: 'failed',
  run: { environment: 'production' },
  migrations: [],
  reasonCode: 'PRISMA.FAILED',
  reason: 'It failed.',
  next: [],
}

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A Slack on loopback. Remembers the bodies it was sent. */
async function slackServer(handle: Handler) {
  const bodies: { readonly blocks: readonly unknown[]; readonly text: string }[] = []
  let count = 0
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      bodies.push(JSON.parse(body))
      count += 1
      handle(request, response, count)
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}${secretPath}`, bodies, port }
}

const answer = (status: number, body = '', headers: Record<string, string> = {}): Handler => {
  return (_, response) => response.writeHead(status, headers).end(body)
}

async function send(url: string, events: readonly NotifyEvent[], options?: SlackOptions) {
  const before = performance.now()
  const slack = createSlack(url, options)
  for (const event of events) slack.tell(event)
  const toldAfterMs = performance.now() - before
  const deliveries = await slack.flush()
  return { deliveries, toldAfterMs, ms: performance.now() - before }
}

const reasons = (deliveries: readonly Delivery[]) =>
  deliveries.map((delivery) => (delivery.kind === 'told' ? 'told' : delivery.reason))

describe('telling Slack', () => {
  test('delivers the messages one after the other, in the order in which they were told', async () => {
    let open = 0
    let mostOpen = 0
    const server = await slackServer((_, response) => {
      open += 1
      mostOpen = Math.max(mostOpen, open)
      setTimeout(() => {
        open -= 1
        response.end('ok')
      }, 100)
    })
    const { deliveries } = await send(server.url, [started, failed])
    expect(deliveries).toEqual([
      { kind: 'told', event: 'started' },
      { kind: 'told', event: 'failed' },
    ])
    expect(server.bodies.map((body) => body.text.split(':')[0])).toEqual(['Migration started', 'Migration failed'])
    expect(server.bodies[0]?.blocks.length).toBeGreaterThan(0)
    expect(mostOpen).toBe(1)
  })

  test('returns at once, whatever Slack does', async () => {
    const server = await slackServer(() => {})
    const { toldAfterMs } = await send(server.url, [started, failed], { messageTimeoutMs: 100 })
    expect(toldAfterMs).toBeLessThan(50)
  })

  test('waits as long as Retry-After says on 429, and tries once more', async () => {
    const server = await slackServer((request, response, count) =>
      (count === 1 ? answer(429, 'rate_limited', { 'retry-after': '1' }) : answer(200, 'ok'))(request, response, count),
    )
    const { deliveries, ms } = await send(server.url, [started])
    expect(reasons(deliveries)).toEqual(['told'])
    expect(server.bodies).toHaveLength(2)
    expect(ms).toBeGreaterThanOrEqual(990)
  })

  test('does not wait for a Retry-After beyond its time', async () => {
    const server = await slackServer(answer(429, 'rate_limited', { 'retry-after': '30' }))
    const { deliveries, ms } = await send(server.url, [started])
    expect(reasons(deliveries)).toEqual(['it answered HTTP 429 (rate_limited)'])
    expect(server.bodies).toHaveLength(1)
    expect(ms).toBeLessThan(1_000)
  })

  test('tries a server error once more, and no further', async () => {
    const server = await slackServer(answer(500, '<html>Internal Server Error</html>', { 'retry-after': '0' }))
    const { deliveries } = await send(server.url, [started])
    expect(reasons(deliveries)).toEqual(['it answered HTTP 500'])
    expect(server.bodies).toHaveLength(2)
  })

  test('recovers from one server error', async () => {
    const server = await slackServer((request, response, count) =>
      (count === 1 ? answer(503, '', { 'retry-after': '0' }) : answer(200, 'ok'))(request, response, count),
    )
    expect(reasons((await send(server.url, [started])).deliveries)).toEqual(['told'])
  })

  test.each([
    [404, 'no_service'],
    [403, 'action_prohibited'],
    [400, 'invalid_payload'],
  ])('gives up on HTTP %i at once, with the word that Slack says', async (status, word) => {
    const server = await slackServer(answer(status, word))
    expect(reasons((await send(server.url, [started])).deliveries)).toEqual([`it answered HTTP ${status} (${word})`])
    expect(server.bodies).toHaveLength(1)
  })

  test('gives up on a socket that never answers', async () => {
    const server = await slackServer(() => {})
    const { deliveries, ms } = await send(server.url, [started], { messageTimeoutMs: 200 })
    expect(reasons(deliveries)).toEqual(['no answer within 0.2 s'])
    expect(ms).toBeLessThan(1_500)
  })

  test('gives up on an answer whose body never ends', async () => {
    const server = await slackServer((_, response) => response.writeHead(200).write('o'))
    expect(reasons((await send(server.url, [started], { messageTimeoutMs: 200 })).deliveries)).toEqual([
      'no answer within 0.2 s',
    ])
  })

  test('flush is bounded however many messages hang, and every one is accounted for', async () => {
    const server = await slackServer(() => {})
    const { deliveries, ms } = await send(server.url, Array(10).fill(started), { flushTimeoutMs: 300 })
    expect(deliveries).toHaveLength(10)
    expect(deliveries.every((delivery) => delivery.kind === 'not-told')).toBe(true)
    expect(ms).toBeLessThan(1_500)
  })

  test('flush also ends the wait before a second try', async () => {
    const server = await slackServer(answer(429, '', { 'retry-after': '4' }))
    const { deliveries, ms } = await send(server.url, [started], { flushTimeoutMs: 300 })
    expect(reasons(deliveries)).toEqual(['no answer within 0.3 s'])
    expect(ms).toBeLessThan(1_500)
  })

  test('says that the connection was refused', async () => {
    const server = await slackServer(answer(200))
    servers[0]?.close()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(reasons((await send(server.url, [started])).deliveries)).toEqual(['the connection failed (ECONNREFUSED)'])
  })

  test('says that the connection was cut', async () => {
    const server = await slackServer((request) => request.socket.destroy())
    expect(reasons((await send(server.url, [started])).deliveries)[0]).toMatch(/^the connection failed \([A-Z_]+\)$/)
  })

  test('follows no redirect, which would carry the message to another host', async () => {
    const elsewhere = await slackServer(answer(200, 'ok'))
    const server = await slackServer(answer(302, '', { location: elsewhere.url }))
    expect(reasons((await send(server.url, [started])).deliveries)).toEqual([
      'it answered HTTP 302, a redirect, which is not followed',
    ])
    expect(elsewhere.bodies).toEqual([])
  })

  test.each([
    ['', 'the webhook URL cannot be read as a URL'],
    ['hooks.slack.com/services/x', 'the webhook URL cannot be read as a URL'],
    ['http://hooks.example.com/services/x', 'the webhook URL does not begin with https://'],
    ['file:///etc/passwd', 'the webhook URL does not begin with https://'],
    ['\u0024{SLACK_WEBHOOK_URL}', 'the webhook URL cannot be read as a URL'],
  ])('sends nothing to %j', async (url, reason) => {
    expect(reasons((await send(url, [started])).deliveries)).toEqual([reason])
  })

  test('says nothing of the URL in any result', async () => {
    const server = await slackServer(answer(404, `no_service ${secretPath}`))
    const urls = [
      server.url,
      `not a url ${secretPath}`,
      `http://example.com${secretPath}`,
      `http://127.0.0.1:1${secretPath}`,
    ]
    for (const url of urls) {
      const { deliveries } = await send(url, [started])
      const said = JSON.stringify(deliveries) + deliveries.map(describeDelivery).join('')
      expect(said).not.toContain('verysecrettoken')
      expect(said).not.toContain('T00000000')
    }
  })

  function redactorOf(secrets: readonly string[]): Redactor {
    const redactor = new Redactor()
    redactor.add(secrets)
    return redactor
  }

  test('takes secrets out of every text of an event, however they got in', async () => {
    const server = await slackServer(answer(200, 'ok'))
    const password = 'p<4>ss & "word"'
    const databaseUrl = `postgresql://u:${encodeURIComponent(password)}@db/shop`
    const reason = `could not connect to ${databaseUrl} with ${password}`
    await send(server.url, [{ ...failed, reason, next: [`psql ${databaseUrl}`, server.url] }], {
      redactor: redactorOf([databaseUrl]),
    })
    const sent = JSON.stringify(server.bodies)
    expect(sent).toContain('could not connect to *** with ***')
    expect(sent).not.toContain('ss &')
    expect(sent).not.toContain(encodeURIComponent(password))
    expect(sent).not.toContain('verysecrettoken')
  })

  test('a password that is also a word of the message format breaks nothing', async () => {
    const server = await slackServer(answer(200, 'ok'))
    const secrets = ['postgresql://u:text@db/shop', 'postgresql://u:started@db/shop']
    const { deliveries } = await send(server.url, [started], { redactor: redactorOf(secrets) })
    expect(reasons(deliveries)).toEqual(['told'])
    expect(server.bodies[0]?.text).toContain('Migration started')
  })
})

test('a delivery reads as one line', () => {
  expect(describeDelivery({ kind: 'told', event: 'applied' })).toBe('Slack was told: applied.')
  expect(describeDelivery({ kind: 'not-told', event: 'applied', reason: 'no answer within 5.0 s' })).toBe(
    'Slack was not told (applied): no answer within 5.0 s.',
  )
})
