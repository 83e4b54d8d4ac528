import type { Session } from '../../../ports.ts'
import { forgetSession } from '../../apply/atomic/session.ts'
import type { PlannedMigration } from '../../plan/plan.ts'
import { runsTogether } from './decide-step.ts'
import { explainStop } from './explain-stop.ts'
import { Eyes } from './eyes.ts'
import type { OpenSubject } from './subject.ts'
import { TemporaryBytes, whileSayingTemporaryFiles } from './temporary-bytes.ts'
import type { FileTrace, Trace } from './trace.ts'
import { FileRun } from './trace-file.ts'

export interface TraceRequest {
  /** In their order, as they were planned. */
  readonly migrations: readonly PlannedMigration[]
  /** `prisma`: all in one session. `atomic`: each in one that is as good as new. */
  readonly apply: 'prisma' | 'atomic'
  /** To the clone, as the role that migrates, with the settings of the real run; see `openSubjectSession`. */
  readonly openSubject: OpenSubject
  /** To the same database. A superuser's sees temporary files as well; another one's sees everything else. */
  readonly openWitness: () => Promise<Session & AsyncDisposable>
  /** For counting what stands in the way of a statement that failed, with making its state again. */
  readonly countBudgetMs: number
  /** Who looks at the database between the files, while nothing is open. */
  readonly around?: AroundFiles
}

export interface AroundFiles {
  before(migration: PlannedMigration): Promise<void>
  /** Behind so many of its statements, where no transaction is open. */
  between?(migration: PlannedMigration, done: number): Promise<void>
  /** Where it went through, and how long it took. */
  after(migration: PlannedMigration, ms: number): Promise<void>
}

/** Runs the migrations on a database that nobody else uses, and observes each statement. */
export async function traceMigrations(request: TraceRequest): Promise<Trace> {
  await using witness = await request.openWitness()
  const temporary = new TemporaryBytes()
  await using subject = await whileSayingTemporaryFiles(witness, () =>
    request.openSubject((notice) => temporary.take(notice)),
  )
  const eyes = await Eyes.open(subject, witness, temporary)
  const files: FileTrace[] = []
  for (const migration of request.migrations) {
    if (request.apply === 'atomic' && files.length > 0)
      for (const sql of forgetSession.split('; ')) await subject.send(sql)
    await request.around?.before(migration)
    await eyes.newFile()
    const together = runsTogether(migration, request.apply)
    const { trace, stopped } = await new FileRun(subject, eyes, migration, together, (done) =>
      between(request.around, migration, done),
    ).run()
    files.push(trace)
    if (stopped === undefined) await request.around?.after(migration, trace.ms)
    else {
      return { files, stopped: await explainStop(subject, migration.name, stopped, request.countBudgetMs) }
    }
  }
  return { files, stopped: undefined }
}

async function between(around: AroundFiles | undefined, migration: PlannedMigration, done: number): Promise<void> {
  await around?.between?.(migration, done)
}
