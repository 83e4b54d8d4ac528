import type { Command } from '../result.ts'
import { options } from './arguments.ts'

const summaries: Partial<Record<Command, string>> = {
  check: 'judge the migrations without a database',
  plan: 'show what a deploy would do, and its digest',
  deploy: 'the whole way: plan, gate, backup, apply, verify',
  backup: 'write a backup and read it back',
  rehearse: 'run what is pending on a copy: of the database as it is, or of a backup',
  restore: 'put a backup into a new database, or prove that it can be read',
  prune: 'remove backups that the policy does not keep',
  undo: 'write the way back of a migration, and prove it by running it',
  verify: 'compare database and migrations',
  doctor: 'check configuration and readiness',
}

export function helpText(version: string, command: Command | undefined): string {
  const rows = Object.entries(options).filter(
    ([, spec]) => command === undefined || !('only' in spec) || (spec.only as readonly string[]).includes(command),
  )
  const names = rows.map(([name, spec]) => `--${name}${'value' in spec ? ` ${spec.value}` : ''}`)
  const width = Math.max(...names.map((name) => name.length))
  return [
    `airlock ${version}: Prisma migrations to production PostgreSQL, nothing applied that cannot be undone`,
    '',
    command === undefined
      ? 'airlock COMMAND [options]'
      : `airlock ${command}${command === 'undo' ? ' MIGRATION' : ''} [options]    ${summaries[command] ?? 'not in this release'}`,
    ...(command === undefined
      ? ['', ...Object.entries(summaries).map(([name, text]) => `  ${name.padEnd(10)} ${text}`)]
      : []),
    '',
    ...rows.map(([, spec], index) => `  ${(names[index] ?? '').padEnd(width)}  ${spec.help}`),
    '',
    'The connection URL comes from the environment (DATABASE_URL, DIRECT_URL or what the project names), never from the command line.',
    'Exit codes: 0 done or clear, 2 failed, 3 refused, 4 recovered, 5 needs a human, 1 a bug in Airlock.',
    '',
  ].join('\n')
}
