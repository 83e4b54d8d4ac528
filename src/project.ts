/** Where this action lives. A contract test compares every mention in workflows, templates and documents with these. */
export const actionRepository = 'airlock-deploy/airlock'
export const majorTag = 'v1'
const projectUrl = `https://github.com/${actionRepository}`
export const documentationUrl = `${projectUrl}/blob/main/docs`
