import { describe, expect, it } from 'vitest'
import { createProject, prismaMajors } from '../lab/prisma.ts'
import { postgresMajors, startServer } from '../lab/server.ts'
import { history, tables } from './database.ts'

const migrations = {
  '1_init': 'CREATE TYPE "Role" AS ENUM (\'USER\');\nCREATE TABLE "User" (id int PRIMARY KEY, role "Role" NOT NULL);\n',
  '2_more': 'ALTER TYPE "Role" ADD VALUE \'ADMIN\';\n',
  '3_index': 'CREATE INDEX CONCURRENTLY "User_role_idx" ON "User" (role);\n',
}

describe.each(postgresMajors)('PostgreSQL %i', (major) => {
  it('is migrated by every supported Prisma', async () => {
    await using server = await startServer(major)
    for (const prisma of prismaMajors) {
      const url = await server.createDatabase()
      await using project = await createProject({ prisma, migrations })
      expect(await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })).toMatchObject({ exitCode: 0 })
      expect(await project.prisma(['migrate', 'status'], { DATABASE_URL: url })).toMatchObject({ exitCode: 0 })
      expect(await tables(url)).toEqual(['User'])
      expect(await history(url)).toHaveLength(3)
    }
  })
})
