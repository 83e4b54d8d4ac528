import { columnKinds } from './columns.ts'
import { databaseKinds } from './database.ts'
import { enumKinds } from './enums.ts'
import { firstKinds } from './first.ts'
import { indexKinds } from './indexes.ts'
import type { PrismaKind } from './kind.ts'
import { nativeTypeKinds } from './native-types.ts'
import { relationKinds } from './relations.ts'

/** Every kind of migration that Prisma writes. */
export const prismaKinds: readonly PrismaKind[] = [
  ...firstKinds,
  ...columnKinds,
  ...nativeTypeKinds,
  ...enumKinds,
  ...indexKinds,
  ...relationKinds,
  ...databaseKinds,
]
