import type { Context } from '../context.ts'
import type { Ended } from '../ended.ts'
import { deploy } from '../pipeline.ts'
import type { Command } from '../result.ts'
import { backup } from './backup.ts'
import { check } from './check.ts'
import { doctor } from './doctor.ts'
import { type LaterCommand, notAvailable } from './later.ts'
import { plan } from './plan.ts'
import { prune } from './prune.ts'
import { rehearse } from './rehearse.ts'
import { restore } from './restore.ts'
import { undo } from './undo.ts'
import { verify } from './verify.ts'

type CommandFunction = (context: Context) => Promise<Ended>

const later =
  (command: LaterCommand): CommandFunction =>
  async () => {
    throw notAvailable(command)
  }

export const commandTable: Readonly<Record<Command, CommandFunction>> = {
  check,
  plan,
  deploy,
  backup,
  restore,
  prune,
  verify,
  doctor,
  rehearse,
  rollback: later('rollback'),
  undo,
  health: later('health'),
  baseline: later('baseline'),
}
