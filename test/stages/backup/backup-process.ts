/** A process of its own that makes a backup, for the tests that kill it. */
import { backUp } from './lab-backup.ts'

const [url, directory] = process.argv.slice(2)
if (url === undefined || directory === undefined) throw new Error('usage: URL DIRECTORY')
await backUp(url, directory, { onProgress: (text) => process.stdout.write(`${text}\n`) })
