import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FoundClients, Machine } from '../../src/postgres/client-choice.ts'
import { describeMachine, findClients } from '../../src/postgres/client-tools.ts'
import { postgresBinaries, postgresMajors } from './postgres-package.ts'

const unpacked = fileURLToPath(new URL('../../.cache/clients', import.meta.url))

let found: Promise<FoundClients> | undefined

/** What this machine has, and what scripts/clients.mjs unpacked beside it. Each is asked for its version once. */
export function labClients(): Promise<FoundClients> {
  found ??= findLabClients()
  return found
}

async function findLabClients(): Promise<FoundClients> {
  const installed = await findClients({ PATH: process.env.PATH })
  const folders = unpackedFolders()
  if (folders.length === 0) return installed
  const own = await findClients({ AIRLOCK_PG_BIN: folders.join(delimiter) })
  return {
    usable: [...installed.usable, ...own.usable],
    unusable: [...installed.unusable, ...own.unusable],
    searched: [...installed.searched, ...own.searched],
  }
}

/** The same for a process of its own, and the server programs: the value of AIRLOCK_PG_BIN. */
export async function labClientPath(): Promise<string> {
  const { usable } = await labClients()
  return [...usable.map(({ folder }) => folder), await labServerPath()].join(delimiter)
}

/** The server programs of every major, for a scratch server: no client is in these folders. */
export async function labServerPath(): Promise<string> {
  const binaries = await Promise.all(postgresMajors.map(postgresBinaries))
  return binaries.map(({ bin }) => bin).join(delimiter)
}

export function labMachine(): Promise<Machine> {
  return describeMachine({ PATH: process.env.PATH })
}

function unpackedFolders(): readonly string[] {
  if (!existsSync(unpacked)) return []
  return readdirSync(unpacked)
    .filter((name) => /^\d+$/.test(name))
    .map((name) => join(unpacked, name, 'bin'))
}
