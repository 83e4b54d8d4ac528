import { join } from 'node:path'
import { expect, it } from 'vitest'
import { labClients } from '../../../lab/clients.ts'
import { postgresMajors, startServer } from '../../../lab/server.ts'
import { tempFolder } from '../../../lab/temp.ts'
import { makeOriginals } from './originals.ts'
import { runCorruption } from './run.ts'

const { usable } = await labClients()
// The newest client has every compression; the newest server fits it.
const client = usable.toSorted((a, b) => b.major - a.major)[0]
const major = postgresMajors.findLast((known) => client !== undefined && client.major >= known)

it.runIf(major !== undefined)(
  'no damage to a backup goes unnoticed, in any shape, and no whole one is refused',
  async () => {
    if (client === undefined || major === undefined) throw new Error('no client')
    await using folder = await tempFolder()
    await using server = await startServer(major)
    const originals = await makeOriginals(server, client, folder.path)
    const result = await runCorruption(originals, client, join(folder.path, 'work'), { count: 120, seed: 7 })
    expect(result.undetected).toEqual([])
    expect(result.rejected).toEqual([])
    const sum = (of: 'intact' | 'damaged' | 'listMissed') => result.tallies.reduce((all, tally) => all + tally[of], 0)
    expect(sum('damaged')).toBe(120)
    expect(sum('intact')).toBe(originals.all.length)
    // Without this the suite could be damaging nothing that matters.
    expect(sum('listMissed')).toBeGreaterThan(10)
  },
  120_000,
)
