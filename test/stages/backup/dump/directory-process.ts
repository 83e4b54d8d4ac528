/** A process of its own that makes a backup in the format directory, for the test that kills it. */
import { backUp } from '../lab-backup.ts'

const [url, directory] = process.argv.slice(2)
if (url === undefined || directory === undefined) throw new Error('usage: URL DIRECTORY')
await backUp(url, directory, { shape: { format: 'directory', jobs: 2, compression: 'auto' } })
