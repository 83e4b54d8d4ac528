import { quietPrisma } from './prisma-cli.ts'

/** Variables that belong to Airlock or to the platform and are nobody else's business. */
const withheld = /^(AIRLOCK_|INPUT_|ACTIONS_|SLACK_WEBHOOK_URL$|GITHUB_TOKEN$|GH_TOKEN$)/

/** What the user's Prisma sees: the environment it would see anyway, the URL that Airlock checked under every name, no secret of ours. */
export function childEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  urlVariables: readonly string[],
  url: string,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string | undefined> {
  const kept = Object.entries(env).filter(([name]) => !withheld.test(name))
  return {
    ...Object.fromEntries(kept),
    ...quietPrisma,
    ...Object.fromEntries(urlVariables.map((name) => [name, url])),
    ...extra,
  }
}
