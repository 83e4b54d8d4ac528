import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach } from 'vitest'

const roots: string[] = []

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true })
})

/** A folder with these files, gone after the test. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'airlock-project-')))
  roots.push(root)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), content)
  }
  return root
}

/** What an installed Prisma looks like from outside. */
export function installed(version: string, folder = ''): Readonly<Record<string, string>> {
  return {
    [`${folder}node_modules/prisma/package.json`]: JSON.stringify({
      name: 'prisma',
      version,
      bin: { prisma: 'build/index.js' },
    }),
    [`${folder}node_modules/prisma/build/index.js`]: '',
  }
}

export const schemaOf = (body: string, provider = 'postgresql') => `
// datasource db { provider = "mysql" }
generator client {
  provider = "prisma-client-js"
}

datasource db {
  provider = "${provider}" // the database
  ${body}
}

model User {
  id Int @id
}
`
