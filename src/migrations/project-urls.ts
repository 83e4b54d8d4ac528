import type { PrismaConfig, Setting, UrlSource } from './config-file.ts'
import * as say from './project-failures.ts'
import type { Datasource } from './schema-file.ts'

export interface ProjectUrls {
  /** The first of `urlVariables`. */
  readonly urlVariable: string
  /** Every variable that Prisma may take the URL from; all of them have to be set to the one that was chosen. */
  readonly urlVariables: readonly string[]
  readonly directUrlVariable: string | undefined
}

export interface UrlPlaces {
  readonly root: string
  readonly config: PrismaConfig | undefined
  /** As reports name it. */
  readonly configFile: string | undefined
  readonly datasource: Datasource
  readonly major: number | undefined
}

/** Prisma 7 reads the URL from the configuration alone; Prisma 6 does so with `engine: 'classic'`, else from the schema. */
export function urlsOf({ root, config, configFile, datasource, major }: UrlPlaces): ProjectUrls {
  const engine = config?.engine.kind === 'known' ? config.engine.value : undefined
  if (engine === 'js') throw say.driverAdapter(configFile ?? 'prisma.config.ts')
  const configured = config !== undefined && config.url.kind !== 'absent'
  const fromConfig = major === 7 || (major === 6 ? engine === 'classic' : configured)
  if (!fromConfig) return variablesOf(datasource.url, datasource.directUrl, 'the Prisma schema', configFile)
  if (config === undefined || configFile === undefined) throw say.noConfig(root)
  const directUrl = major === 6 ? config.directUrl : ({ kind: 'absent' } as const)
  return variablesOf(config.url, directUrl, configFile, configFile)
}

function variablesOf(
  url: Setting<UrlSource>,
  directUrl: Setting<UrlSource>,
  where: string,
  configFile: string | undefined,
): ProjectUrls {
  const urlVariables = variablesIn(url, 'url', where)
  const [urlVariable] = urlVariables
  if (urlVariable === undefined) throw say.noUrl(where, configFile)
  return { urlVariable, urlVariables, directUrlVariable: variablesIn(directUrl, 'directUrl', where)[0] }
}

function variablesIn(setting: Setting<UrlSource>, name: string, where: string): readonly string[] {
  if (setting.kind === 'absent') return []
  if (setting.kind === 'unreadable') throw say.unreadableUrl(where, name, setting)
  if (setting.value.kind === 'written-out') throw say.writtenOutUrl(where, name)
  return setting.value.variables
}
