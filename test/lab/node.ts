import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { platformName } from './postgres-package.ts'

export type NodeMajor = 20 | 22 | 24
export const nodeMajors: readonly NodeMajor[] = [20, 22, 24]

/** The path of a real Node.js of that major, installed as an npm package. */
export function nodeBinary(major: NodeMajor): string {
  const name = `node-${major}-${platformName()}`
  const searched = createRequire(import.meta.url).resolve.paths(name) ?? []
  const found = searched.map((folder) => join(folder, name, 'bin', 'node')).find((path) => existsSync(path))
  if (found === undefined) {
    throw new Error(`${name} is not installed (looked in ${searched.map(dirname).join(', ')}). Run: npm install`)
  }
  return found
}
