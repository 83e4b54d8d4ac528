import { parseArgs } from 'node:util'
import { benchApply } from './apply.ts'
import { benchBackup } from './backup.ts'
import { benchCheck, defaultHistories } from './check.ts'
import { benchNothingPending } from './nothing-pending.ts'
import { benchQueue } from './queue.ts'
import { benchRehearse } from './rehearse.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    squawk: { type: 'string' },
    histories: { type: 'string', default: defaultHistories },
    rounds: { type: 'string', default: '5' },
    scale: { type: 'string', default: '10' },
  },
})

const onData = { scale: Math.max(1, Number(values.scale)), rounds: Math.max(1, Number(values.rounds)) }
const parts = {
  'nothing-pending': benchNothingPending,
  check: () =>
    benchCheck({ squawk: values.squawk, histories: values.histories, rounds: Math.max(1, Number(values.rounds)) }),
  queue: benchQueue,
  apply: () => benchApply({ histories: values.histories }),
  backup: () => benchBackup(onData),
  rehearse: () => benchRehearse(onData),
}

const unknown = positionals.filter((name) => !Object.hasOwn(parts, name))
if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}; there is ${Object.keys(parts).join(', ')}.`)
for (const [name, bench] of Object.entries(parts))
  if (positionals.length === 0 || positionals.includes(name)) await bench()
