import { statSync } from 'node:fs'
import { join } from 'node:path'

/** In the order in which Prisma tries them (@prisma/config 7.10, loadConfigFromFile). */
const extensions = ['.js', '.ts', '.mjs', '.cjs', '.mts', '.cts'] as const

const forSeven = extensions
  .flatMap((extension) => [`prisma7.config${extension}`])
  .concat(extensions.map((extension) => `.config/prisma7${extension}`))

const forAll = ['prisma.config', '.config/prisma', '.config/prisma.config'].flatMap((name) => [
  ...extensions.map((extension) => `${name}${extension}`),
  ...extensions.map((extension) => `${name}/index${extension}`),
])

/** The configuration that Prisma loads when it is started in `root`. */
export function locateConfig(root: string, major: number | undefined): string | undefined {
  const candidates = major === 6 ? forAll : [...forSeven, ...forAll]
  return candidates.map((name) => join(root, name)).find((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
}
