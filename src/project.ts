import { version } from './version.ts'

/** Where this action lives. A contract test compares every mention in workflows, templates and documents with these. */
export const actionRepository = 'airlock-deploy/airlock'
export const majorTag = 'v1'
const projectUrl = `https://github.com/${actionRepository}`

/** The documents of the release that is running: what the newest ones say may not be so in it. */
export const documentationUrl = `${projectUrl}/blob/${tagOf(version)}/docs`

function tagOf(release: string): string {
  return /^\d+\.\d+\.\d+$/.test(release) ? `v${release}` : 'main'
}
