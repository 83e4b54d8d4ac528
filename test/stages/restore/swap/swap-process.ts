/** A process of its own that swaps, for the tests that kill it. */
import { swap } from './lab-swap.ts'

const [url] = process.argv.slice(2)
if (url === undefined) throw new Error('usage: URL')
await swap(url, { onProgress: (text) => process.stdout.write(`${text}\n`) })
