import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))
export const bundle = fileURLToPath(new URL('../../dist/airlock.mjs', import.meta.url))
