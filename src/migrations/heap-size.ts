import { getHeapSpaceStatistics } from 'node:v8'
import { setEngineFlags } from '../engine-flags.ts'

const newBytesEnough = 4_000_000

/**
 * Of a long history nearly everything is garbage once the next file is judged: the space for new objects need not be three
 * times 16 MB before that is noticed. To be said after the last isolate was made, because that sets the factor for all of them.
 */
export function keepHeapSmall(): void {
  setEngineFlags(['--heap-growing-percent=30', '--semi-space-growth-factor=1', marksEarlier])
}

/** Else the first collection of old objects comes at 48 MB, half of it garbage; this way none comes later than at 36 MB. */
const marksEarlier = '--incremental-marking-hard-trigger=45'

/** Up to 4 MB it may grow, or it is collected too often. Whether it has; to be asked again as long as it has not. */
export function hasGrownEnough(): boolean {
  const newSpace = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  const enough = (newSpace?.space_size ?? 0) >= newBytesEnough
  setEngineFlags([`--semi-space-growth-factor=${enough ? 1 : 2}`])
  return enough
}
