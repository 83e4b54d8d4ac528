import { setTimeout as sleep } from 'node:timers/promises'
import { FailureError, fail, messageOf } from '../../../../errors.ts'
import { type Api, ask } from '../api/ask.ts'
import { newestFirst, nextDelay, type Patience, sayMinutes } from '../decide.ts'
import type { SnapshotStrategy, Taken, TakeRequest } from '../strategy.ts'
import {
  type BackupsAnswer,
  backupsAnswer,
  hostIsNotSupabases,
  noRecovery,
  projectIn,
  restoreByHand,
  supabaseCapabilities,
  windowOf,
} from './decide.ts'

export interface SupabaseSettings {
  readonly host: string
  readonly user: string
  /** Its log is stored every two minutes: https://supabase.com/docs/guides/platform/backups#point-in-time-recovery */
  readonly patience: Patience
}

export interface SupabaseAccess {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly origin?: string
  readonly patienceMs?: number
  readonly answerMs?: number
}

const credentialSteps = [
  'Make a personal access token (https://supabase.com/dashboard/account/tokens), store it as the secret SUPABASE_ACCESS_TOKEN, and hand it over to the step under `env:`.',
]

/** Nothing can be taken on demand: what is waited for is that the log until now is stored. Only a person restores it. */
export function supabaseStrategy(settings: SupabaseSettings, access: SupabaseAccess): SnapshotStrategy {
  const found = projectIn(settings.host, settings.user)
  if (found === undefined) throw new FailureError(hostIsNotSupabases(settings.host))
  const project = found
  const token = access.environment.SUPABASE_ACCESS_TOKEN?.trim() ?? ''
  if (token === '') {
    throw fail('PROVIDER.CREDENTIALS', {
      what: 'There is no token for Supabase.',
      why: 'SUPABASE_ACCESS_TOKEN is not set.',
      next: credentialSteps,
    })
  }
  const api: Api = {
    provider: 'Supabase',
    secrets: [token],
    credentialSteps,
    patienceMs: access.patienceMs ?? 5 * 60_000,
    answerMs: access.answerMs ?? 60_000,
    reasonIn: (text) => text.trim().slice(0, 300) || 'no reason given',
  }

  async function backups(signal: AbortSignal): Promise<BackupsAnswer> {
    const request = {
      method: 'GET',
      url: new URL(`/v1/projects/${project}/database/backups`, access.origin ?? 'https://api.supabase.com'),
      headers: { accept: 'application/json', authorization: `Bearer ${token}` },
      body: null,
    } as const
    const { text } = await ask(api, () => request, signal)
    return readBackups(text)
  }

  async function take({ name, signal, onProgress }: TakeRequest): Promise<Taken> {
    // To the second, and not before it: that is how a time is told there.
    const at = new Date(Math.ceil(Date.now() / 1_000) * 1_000)
    const startedMs = performance.now()
    for (let asked = 0; ; asked += 1) {
      const window = windowOf(await backups(signal))
      if (window === null) throw new FailureError(noRecovery(project))
      if (window.from <= at && at <= window.to) break
      const waitedMs = performance.now() - startedMs
      const delay = nextDelay(settings.patience, asked, waitedMs)
      if (delay === undefined) throw notStored(project, at, window.to, waitedMs)
      onProgress(`Supabase, after ${sayMinutes(waitedMs)}: the log is stored until ${window.to.toISOString()}`)
      // The next question tells that the run was cancelled.
      await sleep(delay, undefined, { signal }).catch(() => undefined)
    }
    return {
      snapshot: {
        id: at.toISOString(),
        name,
        where: `point-in-time recovery of the Supabase project ${project}`,
        at,
        lsn: null,
        bytes: null,
        // A moment is nobody's, and cannot be removed.
        ours: false,
        restoreByHand: restoreByHand(project, at),
      },
      proven: supabaseCapabilities.proves,
      notChecked: ['whether it restores: Supabase restores over the running project only'],
    }
  }

  return {
    name: 'supabase',
    capabilities: supabaseCapabilities,
    take,
    list: async (signal) =>
      newestFirst(
        ((await backups(signal)).backups ?? [])
          .filter(({ status }) => status === 'COMPLETED')
          .map(({ inserted_at: at }) => ({
            id: at,
            name: at,
            where: `daily backup of the Supabase project ${project}`,
            at: new Date(at),
            lsn: null,
            bytes: null,
            ours: false,
            restoreByHand: [`https://supabase.com/dashboard/project/${project}/database/backups/scheduled`],
          })),
      ),
    window: async (signal) => windowOf(await backups(signal)),
  }
}

function readBackups(text: string): BackupsAnswer {
  try {
    return backupsAnswer.parse(JSON.parse(text))
  } catch (thrown) {
    throw fail('PROVIDER.UNEXPECTED', {
      what: 'Supabase answered in a way that this release does not know.',
      why: `backups: ${messageOf(thrown).slice(0, 500)}`,
      next: ['Look for a newer release of Airlock, or use `strategy: pg_dump`, which needs no provider.'],
    })
  }
}

function notStored(project: string, at: Date, until: Date, waitedMs: number): FailureError {
  return fail('PROVIDER.NOT_READY', {
    what: 'Supabase has not stored its log up to the beginning of this run.',
    why: `After ${sayMinutes(waitedMs)} ${project} can go back to ${until.toISOString()}, and not to ${at.toISOString()}. A database that nobody writes to stores none.`,
    next: ['Run this again in some minutes, or use `strategy: pg_dump`.'],
  })
}
