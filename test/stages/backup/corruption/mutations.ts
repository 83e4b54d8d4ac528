import type { Random } from '../../../truth/generator/random.ts'

/** The files of one backup by name, as they lie in the folder. */
export type Files = ReadonlyMap<string, Buffer>

export interface Mutation {
  readonly kind: string
  readonly says: string
  readonly files: Files
}

/** What may happen to a backup that is kept somewhere for years; each gives other files than it was given. */
type Mutate = (files: Files, others: readonly Files[], random: Random) => Mutation | undefined

const isManifest = (name: string) => name.endsWith('.manifest.json')

function changed(kind: string, says: string, files: Files, name: string, content: Buffer | undefined): Mutation {
  const copy = new Map(files)
  if (content === undefined) copy.delete(name)
  else copy.set(name, content)
  return { kind, says: `${kind} ${name}: ${says}`, files: copy }
}

function pickFile(files: Files, random: Random, which: (name: string) => boolean = () => true): [string, Buffer] {
  return random.pick([...files].filter(([name, content]) => which(name) && content.length > 0))
}

const flipBit: Mutate = (files, _, random) => {
  const [name, content] = pickFile(files, random)
  const at = random.below(content.length)
  const bit = random.below(8)
  const flipped = Buffer.from(content)
  flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
  return changed(isManifest(name) ? 'bit of the manifest' : 'bit', `bit ${bit} of byte ${at}`, files, name, flipped)
}

const truncate: Mutate = (files, _, random) => {
  const [name, content] = pickFile(files, random)
  // Often near the end, where an upload that broke off ends.
  const kept = random.percent(50)
    ? content.length - 1 - random.below(Math.min(64, content.length))
    : random.below(content.length)
  return changed('cut', `${kept} of ${content.length} bytes`, files, name, content.subarray(0, Math.max(0, kept)))
}

const append: Mutate = (files, _, random) => {
  const [name, content] = pickFile(files, random, (file) => !isManifest(file))
  const more = Buffer.from(Array.from({ length: 1 + random.below(600) }, () => random.below(256)))
  return changed('longer', `${more.length} bytes more`, files, name, Buffer.concat([content, more]))
}

const block: Mutate = (files, _, random) => {
  const [name, content] = pickFile(files, random)
  const at = random.below(content.length)
  const overwritten = Buffer.from(content)
  const until = Math.min(content.length, at + 1 + random.below(4_096))
  if (random.percent(50)) overwritten.fill(0, at, until)
  else for (let i = at; i < until; i += 1) overwritten[i] = random.below(256)
  return changed('block', `bytes ${at} to ${until}`, files, name, overwritten)
}

const missing: Mutate = (files, _, random) => {
  const [name] = pickFile(files, random)
  return changed('missing', 'removed', files, name, undefined)
}

const surplus: Mutate = (files, _, random) => {
  const inFolder = [...files.keys()].find((name) => name.includes('/'))
  if (inFolder === undefined) return undefined
  const folder = inFolder.slice(0, inFolder.indexOf('/'))
  const name = `${folder}/${random.pick(['9999.dat', 'blobs.toc', '1.dat.gz', '.hidden', 'toc.dat.bak'])}`
  return files.has(name) ? undefined : changed('surplus', 'added', files, name, Buffer.from('surplus'))
}

/** Two of its own, or one of another backup under this one's name. */
const swap: Mutate = (files, others, random) => {
  const [name, content] = pickFile(files, random)
  const ending = (text: string) => text.replace(/^[^./]*/, '')
  const own = [...files].filter(([other]) => other !== name && isManifest(other) === isManifest(name))
  const foreign = others.flatMap((other) => [...other].filter(([theirs]) => ending(theirs) === ending(name)))
  const [other, theirs] = random.maybe([...own, ...foreign]) ?? []
  if (other === undefined || theirs === undefined) return undefined
  const copy = new Map(files).set(name, theirs)
  if (files.has(other)) copy.set(other, content)
  return {
    kind: isManifest(name) ? 'manifest of another' : 'swapped',
    says: `swapped ${name} with ${other}`,
    files: copy,
  }
}

/** One value of the manifest changed by hand, well formed. */
const edit: Mutate = (files, _, random) => {
  const [name, content] = pickFile(files, random, isManifest)
  const json: unknown = JSON.parse(content.toString('utf8'))
  const leaves = leavesOf(json, [])
  const path = random.pick(leaves)
  const key = path.at(-1) ?? ''
  const holder = path.slice(0, -1).reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], json)
  const at = holder as Record<string, unknown>
  const before = at[key]
  if (random.percent(15)) delete at[key]
  else if (typeof before === 'number') at[key] = before + (random.percent(50) ? 1 : -1)
  else if (typeof before === 'string') at[key] = random.percent(50) ? `${before}x` : before.slice(1)
  else at[key] = before === null ? 'x' : null
  const written = Buffer.from(`${JSON.stringify(json, null, 2)}\n`)
  return changed('edited', `${path.join('.')} was ${JSON.stringify(before)}`, files, name, written)
}

function leavesOf(value: unknown, path: readonly string[]): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]))
}

const all: readonly Mutate[] = [
  flipBit,
  flipBit,
  flipBit,
  truncate,
  truncate,
  append,
  block,
  missing,
  surplus,
  swap,
  edit,
  edit,
]

/** Drawn until one changes something: what was swapped with its equal, or blanked where it was blank, is no damage. */
export function mutate(files: Files, others: readonly Files[], random: Random): Mutation {
  for (;;) {
    const mutation = random.pick(all)(files, others, random)
    if (mutation !== undefined && differs(files, mutation.files)) return mutation
  }
}

function differs(a: Files, b: Files): boolean {
  return a.size !== b.size || [...a].some(([name, content]) => !b.get(name)?.equals(content))
}
