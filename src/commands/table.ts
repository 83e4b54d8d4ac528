import type { Context } from '../context.ts'
import type { Ended } from '../ended.ts'
import type { Command } from '../result.ts'
import { type LaterCommand, notAvailable } from './later.ts'

type CommandFunction = (context: Context) => Promise<Ended>

const later =
  (command: LaterCommand): CommandFunction =>
  async () => {
    throw notAvailable(command)
  }

/** Each is loaded when it is asked for: a run starts with what it needs. */
export const commandTable: Readonly<Record<Command, CommandFunction>> = {
  check: async (context) => (await import('./check.ts')).check(context),
  plan: async (context) => (await import('./plan.ts')).plan(context),
  deploy: async (context) => (await import('../pipeline.ts')).deploy(context),
  backup: async (context) => (await import('./backup.ts')).backup(context),
  restore: async (context) => (await import('./restore.ts')).restore(context),
  prune: async (context) => (await import('./prune.ts')).prune(context),
  verify: async (context) => (await import('./verify.ts')).verify(context),
  doctor: async (context) => (await import('./doctor.ts')).doctor(context),
  rehearse: async (context) => (await import('./rehearse.ts')).rehearse(context),
  rollback: later('rollback'),
  undo: async (context) => (await import('./undo.ts')).undo(context),
  health: later('health'),
  baseline: later('baseline'),
}
