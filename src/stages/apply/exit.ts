import type { PrismaExit } from './prisma-cli.ts'

/** How applying ended. What became of the database is for its history and its catalog to say. */
export interface ApplyExit extends PrismaExit {
  /** As messages name it. */
  readonly engine: 'Prisma' | 'Airlock'
  /** The migration that Airlock itself had begun and did not finish. Prisma’s is in the history. */
  readonly stoppedIn: StoppedIn | undefined
  /** Of the migration that needed most. */
  readonly attempts: number
  /** A session of this run was still in the middle of its transaction, and the server rolled that back when it was ended. */
  readonly rolledBack?: boolean
}

export interface StoppedIn {
  readonly name: string
  /** SQLSTATE with which the server refused it. */
  readonly refusedWith: string | undefined
}
