import type { FailureCode } from '../../errors.ts'
import type { Blocker } from './decide.ts'

export interface InTheWay extends Blocker {
  readonly code: FailureCode
}
