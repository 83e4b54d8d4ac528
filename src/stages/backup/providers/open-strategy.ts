import type { Janitor } from '../../../janitor/janitor.ts'
import type { ClientConnection } from '../../../postgres/client-process.ts'
import type { CommandSettings } from './command/decide.ts'
import type { Patience } from './decide.ts'
import type { SnapshotStrategy } from './strategy.ts'

/** Which one, and what it needs to know. */
export type ChosenStrategy =
  | { readonly kind: 'command'; readonly settings: CommandSettings }
  | { readonly kind: 'neon'; readonly project: string }
  | { readonly kind: 'rds' }
  | { readonly kind: 'supabase' }

export interface StrategySurroundings {
  readonly target: { readonly host: string; readonly user: string }
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly connection: ClientConnection
  readonly cwd: string
  readonly janitor: Janitor
}

/** Undefined for those that Airlock carries out itself, or not at all. The schema sees to it that each has its section. */
export function chosenStrategy({
  strategy,
  command,
  neon,
}: {
  readonly strategy: 'pg_dump' | 'none' | ChosenStrategy['kind']
  readonly command?: CommandSettings | undefined
  readonly neon?: { readonly project: string } | undefined
}): ChosenStrategy | undefined {
  if (strategy === 'pg_dump' || strategy === 'none') return undefined
  if (strategy === 'rds' || strategy === 'supabase') return { kind: strategy }
  if (strategy === 'command' && command !== undefined) return { kind: 'command', settings: command }
  if (strategy === 'neon' && neon !== undefined) return { kind: 'neon', project: neon.project }
  throw new Error(`The strategy ${strategy} came without its settings`)
}

const minute = 60_000
const patience = {
  neon: { firstDelayMs: 500, longestDelayMs: 10_000, deadlineMs: 15 * minute },
  // The first snapshot of a large instance takes hours; what is longer is better taken before the run.
  rds: { firstDelayMs: 5_000, longestDelayMs: 30_000, deadlineMs: 120 * minute },
  supabase: { firstDelayMs: 5_000, longestDelayMs: 20_000, deadlineMs: 10 * minute },
} as const satisfies Record<string, Patience>

/** Each is loaded only where it is used. */
export async function openStrategy(
  chosen: ChosenStrategy,
  { target, environment, connection, cwd, janitor }: StrategySurroundings,
): Promise<SnapshotStrategy> {
  switch (chosen.kind) {
    case 'command': {
      const { commandStrategy } = await import('./command/command.ts')
      return commandStrategy(chosen.settings, { environment, connection, cwd, janitor })
    }
    case 'neon': {
      const { neonStrategy } = await import('./neon/neon.ts')
      return neonStrategy({ project: chosen.project, host: target.host, patience: patience.neon }, { environment })
    }
    case 'rds': {
      const { rdsStrategy } = await import('./rds/rds.ts')
      return rdsStrategy({ host: target.host, patience: patience.rds }, { environment })
    }
    case 'supabase': {
      const { supabaseStrategy } = await import('./supabase/supabase.ts')
      return supabaseStrategy({ ...target, patience: patience.supabase }, { environment })
    }
  }
}
