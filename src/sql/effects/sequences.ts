/** Which number comes next is what a sequence knows: set anew, nothing but a backup has it. */

import type { RelationName } from '../model.ts'
import type { EffectSink } from './sink.ts'

export function losePosition(sequence: RelationName, sink: EffectSink): void {
  if (sink.existed(sequence)) sink.lose('sequence', sequence)
  sink.overwrite(sequence)
}
