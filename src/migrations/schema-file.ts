import type { Setting, UrlSource } from './config-file.ts'

/** What the `datasource` block of a Prisma schema says. */
export interface Datasource {
  readonly provider: string
  readonly url: Setting<UrlSource>
  readonly directUrl: Setting<UrlSource>
}

export type SchemaReading =
  | { readonly kind: 'datasource'; readonly datasource: Datasource }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly count: number }

/** The texts of one schema, which may be spread over many files. */
export function readSchema(texts: readonly string[]): SchemaReading {
  const blocks = texts.flatMap((text) => datasourceBlocks(withoutComments(text)))
  const [block] = blocks
  if (block === undefined) return { kind: 'none' }
  if (blocks.length > 1) return { kind: 'several', count: blocks.length }
  return {
    kind: 'datasource',
    datasource: {
      provider: /^\s*provider\s*=\s*"([^"]*)"/m.exec(block)?.[1] ?? '',
      url: urlIn(block, 'url'),
      directUrl: urlIn(block, 'directUrl'),
    },
  }
}

export function hasDatasource(text: string): boolean {
  return datasourceBlocks(withoutComments(text)).length > 0
}

/** `//` inside a quoted URL begins no comment. */
function withoutComments(text: string): string {
  return text.replace(/("(?:\\.|[^"\\\n])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_all, quoted?: string) => quoted ?? '')
}

function datasourceBlocks(text: string): readonly string[] {
  return [...text.matchAll(/^\s*datasource\s+\w+\s*\{((?:"(?:\\.|[^"\\\n])*"|[^}"])*)\}/gm)].map(
    (match) => match[1] ?? '',
  )
}

function urlIn(block: string, property: string): Setting<UrlSource> {
  const written = new RegExp(`^\\s*${property}\\s*=\\s*(.*?)\\s*$`, 'm').exec(block)?.[1]
  if (written === undefined) return { kind: 'absent' }
  const variable = /^env\(\s*"([^"]*)"\s*\)$/.exec(written)?.[1]
  if (variable !== undefined) return { kind: 'known', value: { kind: 'env', variables: [variable] } }
  if (/^"/.test(written)) return { kind: 'known', value: { kind: 'written-out' } }
  return { kind: 'unreadable', source: written, line: 1 }
}
