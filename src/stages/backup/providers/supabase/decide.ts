import { z } from 'zod'
import type { Failure } from '../../../../errors.ts'
import type { Capabilities } from '../strategy.ts'

/** What Supabase tells of its backups, and what that is worth before a deploy. Pure. */

export const supabaseCapabilities: Capabilities = {
  // It restores over the running project, which is down meanwhile: https://supabase.com/docs/guides/platform/backups
  restore: 'manual',
  automatic: false,
  incremental: 'yes',
  proves: 'nothing',
  notCaptured: [
    'files in Supabase Storage: only what the database knows of them',
    'passwords of roles of your own, in daily backups',
    'a copy outside of Supabase: it is gone when the project is',
  ],
}

/** `GET /v1/projects/{ref}/database/backups`; where there is nothing it has been seen to say null. */
export const backupsAnswer = z.object({
  region: z.string(),
  walg_enabled: z.boolean(),
  pitr_enabled: z.boolean(),
  backups: z
    .array(
      z.object({
        is_physical_backup: z.boolean(),
        status: z.string(),
        inserted_at: z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'a time'),
      }),
    )
    .nullable(),
  physical_backup_data: z
    .object({
      earliest_physical_backup_date_unix: z.number().positive().nullish(),
      latest_physical_backup_date_unix: z.number().positive().nullish(),
    })
    .nullish(),
})
export type BackupsAnswer = z.infer<typeof backupsAnswer>

/** `db.REF.supabase.co` has the project in the host, a pooler (`….pooler.supabase.com`) in the user: `postgres.REF`. */
export function projectIn(host: string, user: string): string | undefined {
  const direct = /^db\.([a-z0-9]{20})\.supabase\.(?:co|com|in|net)$/.exec(host.toLowerCase())?.[1]
  if (direct !== undefined) return direct
  if (!/\.pooler\.supabase\.com$/.test(host.toLowerCase())) return undefined
  return /\.([a-z0-9]{20})$/.exec(user)?.[1]
}

export function hostIsNotSupabases(host: string): Failure {
  return {
    code: 'CONFIG.INVALID',
    what: '`strategy: supabase` needs the address of a Supabase project in the connection URL.',
    why: `The host is ${host}, and neither it nor the user says which project it is.`,
    next: ['Use the connection string that the Supabase dashboard shows, or `strategy: pg_dump`.'],
  }
}

export function windowOf({
  pitr_enabled: enabled,
  physical_backup_data: data,
}: BackupsAnswer): { readonly from: Date; readonly to: Date } | null {
  const from = data?.earliest_physical_backup_date_unix ?? null
  const to = data?.latest_physical_backup_date_unix ?? null
  if (!enabled || from === null || to === null || to < from) return null
  return { from: new Date(from * 1_000), to: new Date(to * 1_000) }
}

/** Without it the newest backup is up to a day old, and a restore would take that day away. */
export function noRecovery(project: string): Failure {
  return {
    code: 'PROVIDER.REFUSED',
    what: `The Supabase project ${project} has no point-in-time recovery.`,
    why: 'Its backups are made once a day, and none can be asked for: going back would lose what was written since the last one.',
    next: [
      'Use `strategy: pg_dump`.',
      'Or add point-in-time recovery to the project: https://supabase.com/docs/guides/platform/backups#point-in-time-recovery',
    ],
  }
}

export function restoreByHand(project: string, at: Date): readonly string[] {
  return [
    `https://supabase.com/dashboard/project/${project}/database/backups/pitr → ${at.toISOString()}`,
    'The project is down while it is restored over; for a large one that takes hours. Everything written since is lost.',
  ]
}
