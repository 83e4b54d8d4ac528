import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../github/workflow-files.ts'

/** The lint rule sees what a file imports itself; an effect that comes in through another file is found here. */

const effects = /^(?:node:|@actions\/|@slack\/|pg$)/

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesBelow(path) : path.endsWith('.ts') ? [path] : []
  })
}

/** Types leave nothing behind in the program. */
function runtimeImports(file: string): readonly string[] {
  const statements = readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s+(?!type\b)([\s\S]*?)from\s+'([^']+)'/gm)
  return [...statements].flatMap(([, what = '', from = '']) => {
    const names = /^\{([\s\S]*)\}$/
      .exec(what.trim())?.[1]
      ?.split(',')
      .map((name) => name.trim())
    const onlyTypes = names?.every((name) => name === '' || name.startsWith('type ')) === true
    return onlyTypes ? [] : [from]
  })
}

/** Every way from a file of the core to something that touches the outside world. */
function waysOut(start: string, seen: Set<string>, way: readonly string[] = []): readonly string[] {
  if (seen.has(start)) return []
  seen.add(start)
  const here = [...way, relative(root, start)]
  return runtimeImports(start).flatMap((from) => {
    if (from.startsWith('.')) return waysOut(resolve(dirname(start), from), seen, here)
    return effects.test(from) ? [[...here, from].join(' → ')] : []
  })
}

test('no file of the core reaches an effect, not through other files either', () => {
  const inFolders = ['sql', 'rules', 'report'].flatMap((folder) => filesBelow(join(root, 'src', folder)))
  const decisions = filesBelow(join(root, 'src')).filter((file) => /\/decide(?:-[^/]+)?\.ts$/.test(file))
  const seen = new Set<string>()
  const found = [...inFolders, ...decisions].flatMap((file) => waysOut(file, seen))
  expect(seen.size).toBeGreaterThan(100)
  expect(found).toEqual([])
})

test('the search finds an effect where there is one', () => {
  expect(waysOut(join(root, 'src/migrations/folder.ts'), new Set())).toContain(
    'src/migrations/folder.ts → src/migrations/migration-file.ts → node:crypto',
  )
})
