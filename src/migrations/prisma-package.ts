import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Failure } from '../errors.ts'
import { readRegularText } from '../regular-file.ts'
import { errnoOf } from './errno.ts'

export type PrismaInstallation =
  | { readonly kind: 'installed'; readonly version: string; readonly major: number; readonly cliPath: string }
  | { readonly kind: 'unsupported'; readonly version: string; readonly major: number; readonly failure: Failure }
  | { readonly kind: 'not-installed'; readonly failure: Failure }

/** The folder and all folders above it: where Node looks for packages, in a workspace as in a project of its own. */
export function foldersUpwards(folder: string): readonly string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...foldersUpwards(parent)]
}

/** The CLI that `npx prisma` would start in `root`. */
export async function findPrisma(root: string): Promise<PrismaInstallation> {
  for (const folder of foldersUpwards(root)) {
    const found = await readPackage(join(folder, 'node_modules', 'prisma'))
    if (found !== undefined) return judge(found.path, found.package, root)
  }
  return { kind: 'not-installed', failure: notInstalled(root) }
}

interface PackageFile {
  readonly version?: unknown
  readonly bin?: unknown
}

async function readPackage(
  path: string,
): Promise<{ readonly path: string; readonly package: PackageFile } | undefined> {
  try {
    return { path, package: JSON.parse(await readRegularText(join(path, 'package.json'))) as PackageFile }
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error))) return undefined
    if (error instanceof SyntaxError) return { path, package: {} }
    throw error
  }
}

function judge(path: string, { version, bin }: PackageFile, root: string): PrismaInstallation {
  const written = typeof version === 'string' ? version : ''
  const major = Number(/^(\d+)\./.exec(written)?.[1] ?? Number.NaN)
  const cli = cliIn(bin)
  const cliPath = join(path, cli ?? '')
  if (Number.isNaN(major) || cli === undefined || !existsSync(cliPath)) {
    return { kind: 'not-installed', failure: incomplete(path, root) }
  }
  if (major === 6 || major === 7) return { kind: 'installed', version: written, major, cliPath }
  return { kind: 'unsupported', version: written, major, failure: unsupported(written, major) }
}

function cliIn(bin: unknown): string | undefined {
  if (typeof bin === 'string') return bin
  if (typeof bin !== 'object' || bin === null || !('prisma' in bin)) return undefined
  return typeof bin.prisma === 'string' ? bin.prisma : undefined
}

function unsupported(version: string, major: number): Failure {
  const why =
    major > 7
      ? 'Prisma 8 is a different tool: it has no `migrate deploy` and no SQL files to read. Airlock supports Prisma 6 and 7.'
      : 'Its schema engine is spoken to in another way. Airlock supports Prisma 6 and 7.'
  return {
    code: 'PRISMA.UNSUPPORTED',
    what: `The project has Prisma ${version}.`,
    why,
    next:
      major > 7
        ? ['Stay on Prisma 7 for the migrations that Airlock deploys: npm install --save-dev prisma@7 @prisma/client@7']
        : [
            'Upgrade: npm install --save-dev prisma@6 @prisma/client@6',
            'https://www.prisma.io/docs/orm/more/upgrade-guides',
          ],
  }
}

function notInstalled(root: string): Failure {
  const pnp = foldersUpwards(root).some((folder) => existsSync(join(folder, '.pnp.cjs')))
  return {
    code: 'PRISMA.NOT_INSTALLED',
    what: 'Prisma is not installed in the project.',
    why: pnp
      ? 'Yarn keeps packages in archives here (Plug’n’Play), where no other program finds them.'
      : `There is no \`node_modules/prisma\` in ${root} or above it. Airlock applies migrations with the project’s own Prisma.`,
    next: pnp
      ? ['Let Yarn write a folder: yarn config set nodeLinker node-modules && yarn install --immutable']
      : ['Install the project before this step, development dependencies included:', installCommand(root)],
  }
}

function incomplete(path: string, root: string): Failure {
  return {
    code: 'PRISMA.NOT_INSTALLED',
    what: 'Prisma is installed only in part.',
    why: `\`${path}\` has no readable package.json or no CLI.`,
    next: ['Install the project again:', installCommand(root)],
  }
}

const lockFiles = [
  ['package-lock.json', 'npm ci --include=dev'],
  ['npm-shrinkwrap.json', 'npm ci --include=dev'],
  ['pnpm-lock.yaml', 'pnpm install --frozen-lockfile --prod=false'],
  ['yarn.lock', 'yarn install --immutable'],
  ['bun.lock', 'bun install --frozen-lockfile'],
  ['bun.lockb', 'bun install --frozen-lockfile'],
] as const

function installCommand(root: string): string {
  for (const folder of foldersUpwards(root)) {
    const found = lockFiles.find(([file]) => existsSync(join(folder, file)))
    if (found !== undefined) return found[1]
  }
  return 'npm install --save-dev prisma'
}
