import { connectWithoutLimits } from '../../../postgres/connection.ts'
import type { DatabaseUrl } from '../../../postgres/url.ts'
import { openApplySession } from '../../apply/atomic/session.ts'
import type { UndoDatabase } from './prove.ts'

/** A database on a scratch server; the URL says where unqualified names of the migrations lead (`?schema=`). */
export function undoDatabase(url: DatabaseUrl, signal: AbortSignal): UndoDatabase {
  return {
    open: () => connectWithoutLimits(url, 'airlock undo', signal),
    openRun: () => openApplySession(url, { application_name: 'airlock undo' }, () => undefined, signal),
  }
}
