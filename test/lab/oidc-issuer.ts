import { createSign, generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'

/**
 * An issuer of identity tokens with a real key, as GitHub's is one: its keys where a server looks for them, and the
 * address that a job asks for its token
 * (https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token).
 */
export interface OidcIssuer extends AsyncDisposable {
  readonly issuer: string
  /** What GitHub sets in a job with `permissions: { id-token: write }`. */
  readonly jobEnv: Readonly<Record<string, string>>
  token(audience: string): string
}

export async function startOidcIssuer(): Promise<OidcIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', issuer)
    const answers: Record<string, () => unknown> = {
      '/.well-known/openid-configuration': () => ({ issuer, jwks_uri: `${issuer}/keys` }),
      '/keys': () => ({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'lab', use: 'sig', alg: 'RS256' }] }),
      '/job-token': () => ({ value: token(url.searchParams.get('audience') ?? '') }),
    }
    const allowed = url.pathname !== '/job-token' || request.headers.authorization === 'bearer of-the-job'
    const answer = allowed ? answers[url.pathname] : undefined
    response.writeHead(answer === undefined ? 401 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer?.() ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The issuer has no port')
  const issuer = `http://127.0.0.1:${address.port}`
  const token = (audience: string) => {
    const now = Math.floor(Date.now() / 1_000)
    const claims = {
      iss: issuer,
      sub: 'repo:acme/shop:environment:production',
      aud: audience,
      iat: now,
      exp: now + 600,
    }
    const signed = [{ alg: 'RS256', typ: 'JWT', kid: 'lab' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`
  }
  return {
    issuer,
    jobEnv: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${issuer}/job-token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-the-job',
    },
    token,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
