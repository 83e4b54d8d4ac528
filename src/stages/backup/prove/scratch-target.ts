import type { ScratchServer } from '../../../postgres/scratch/scratch-server.ts'

/** What the proof needs of a scratch server: a server on which it may create databases and roles, and nobody else works. */
export type ScratchTarget = Pick<ScratchServer, 'major' | 'url' | 'databaseUrl' | 'createDatabase' | 'extensions'>
