declare const AIRLOCK_VERSION: string

/** Put in by the bundler from package.json; run from source there is no release to name. */
export const version = typeof AIRLOCK_VERSION === 'string' ? AIRLOCK_VERSION : '0.0.0-source'
