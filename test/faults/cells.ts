import { type FaultFile, faultFiles } from './files.ts'

/** fault × moment × engine × file, as far as it can happen. Pure. */

export const engines = ['prisma6', 'prisma7', 'atomic'] as const
export type Engine = (typeof engines)[number]

export const faults = [
  'kill -9',
  'SIGTERM',
  'connection cut',
  'server crash',
  'out of disk',
  'lock timeout',
  'deadlock',
  'serialization failure',
  'out of connections',
] as const
export type Fault = (typeof faults)[number]

export type Moment =
  | { readonly kind: 'before' }
  /** While the server works on it. */
  | { readonly kind: 'statement'; readonly index: number }
  /** The last statement of the file is done, and its row in the history does not say so. */
  | { readonly kind: 'row' }
  /** Committed, and whoever applies has not heard of it. */
  | { readonly kind: 'answer' }
  | { readonly kind: 'between migrations' }
  | { readonly kind: 'after' }

export interface Cell {
  readonly fault: Fault
  readonly moment: Moment
  readonly engine: Engine
  readonly file: FaultFile
}

export function allCells(of: readonly Engine[] = engines): readonly Cell[] {
  return of.flatMap((engine) =>
    faultFiles.flatMap((file) =>
      faults.flatMap((fault) =>
        momentsOf(file, engine)
          .map((moment) => ({ fault, moment, engine, file }))
          .filter(canHappen),
      ),
    ),
  )
}

export function idOf({ fault, moment, engine, file }: Cell): string {
  return [engine, file.name, fault, nameOf(moment)].join(' / ')
}

export function nameOf(moment: Moment): string {
  switch (moment.kind) {
    case 'statement':
      return `statement ${moment.index + 1}`
    case 'row':
      return 'before its row'
    case 'answer':
      return 'before its answer'
    default:
      return moment.kind
  }
}

/** One for each kind of cell that differs from others in more than its place, for a run in a minute. */
export function someCells(of: readonly Engine[]): readonly Cell[] {
  const wanted: readonly (readonly [FaultFile['name'], Fault, string])[] = [
    ['data-ddl', 'kill -9', 'statement 2'],
    ['own-transaction', 'kill -9', 'before its row'],
    ['two-ddl', 'SIGTERM', 'statement 1'],
    ['two-ddl', 'connection cut', 'statement 2'],
    ['enum', 'server crash', 'between migrations'],
    ['own-transaction', 'deadlock', 'statement 2'],
    ['data-ddl', 'serialization failure', 'statement 1'],
    ['concurrently', 'lock timeout', 'statement 1'],
    ['two-ddl', 'out of connections', 'after'],
  ]
  const all = allCells(of)
  return wanted.flatMap(([file, fault, moment], at) => {
    const found = all.filter(
      (cell) => cell.file.name === file && cell.fault === fault && nameOf(cell.moment) === moment,
    )
    return found.slice(at % of.length, (at % of.length) + 1)
  })
}

function momentsOf({ statements }: FaultFile, engine: Engine): readonly Moment[] {
  return [
    { kind: 'before' },
    ...statements.map((_, index) => ({ kind: 'statement', index }) as const),
    { kind: 'row' },
    ...(engine === 'atomic' ? [{ kind: 'answer' } as const] : []),
    { kind: 'between migrations' },
    { kind: 'after' },
  ]
}

function canHappen({ fault, moment, engine, file }: Cell): boolean {
  switch (fault) {
    case 'lock timeout':
      return moment.kind === 'statement' || moment.kind === 'row' || moment.kind === 'between migrations'
    case 'deadlock':
      // Two locks of one transaction.
      return moment.kind === 'statement' && moment.index > 0 && (file.own || engine !== 'prisma7')
    case 'serialization failure':
      return moment.kind === 'statement' && file.statements[moment.index]?.writesRows === true
    default:
      return true
  }
}
