import { fail } from '../../../../errors.ts'
import { type Api, type ApiRequest, ask } from '../api/ask.ts'

/** Requests to Neon’s API. Its key is read from the environment and goes nowhere else. */

export interface NeonClient {
  get(path: string, signal: AbortSignal): Promise<string>
  post(path: string, body: object, signal: AbortSignal): Promise<string>
  remove(path: string, signal: AbortSignal): Promise<void>
}

export interface NeonAccess {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** For tests; where Neon’s API is. */
  readonly origin?: string
  readonly patienceMs?: number
  readonly answerMs?: number
}

const published = 'https://console.neon.tech'

export function neonClient({ environment, origin, patienceMs, answerMs }: NeonAccess): NeonClient {
  const key = environment.NEON_API_KEY?.trim() ?? ''
  const credentialSteps = [
    'Make a key for this project in the Neon console (https://neon.com/docs/manage/api-keys) and store it as the secret NEON_API_KEY.',
    'Hand it over to the step in the workflow, under `env:`, as NEON_API_KEY.',
  ]
  if (key === '') {
    throw fail('PROVIDER.CREDENTIALS', {
      what: 'There is no key for Neon.',
      why: 'NEON_API_KEY is not set.',
      next: credentialSteps,
    })
  }
  const api: Api = {
    provider: 'Neon',
    secrets: [key],
    credentialSteps,
    patienceMs: patienceMs ?? 5 * 60_000,
    answerMs: answerMs ?? 60_000,
    reasonIn,
  }
  const send = async (method: ApiRequest['method'], path: string, body: object | null, signal: AbortSignal) => {
    const request: ApiRequest = {
      method,
      url: new URL(`/api/v2${path}`, origin ?? published),
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${key}`,
        ...(body === null ? {} : { 'content-type': 'application/json' }),
      },
      body: body === null ? null : JSON.stringify(body),
      // Deleting what is gone is answered by 204.
      repeatable: method !== 'POST',
    }
    return (await ask(api, () => request, signal)).text
  }
  return {
    get: (path, signal) => send('GET', path, null, signal),
    post: (path, body, signal) => send('POST', path, body, signal),
    remove: async (path, signal) => {
      await send('DELETE', path, null, signal)
    },
  }
}

/** `{ code, message, request_id }`, or whatever stands before the API answered instead. */
function reasonIn(text: string): string {
  try {
    const json: unknown = JSON.parse(text)
    if (typeof json === 'object' && json !== null && 'message' in json && typeof json.message === 'string') {
      return json.message.slice(0, 500)
    }
  } catch {
    // No JSON: a proxy, usually.
  }
  return text.trim() === '' ? 'no reason given' : text.trim().slice(0, 200)
}
