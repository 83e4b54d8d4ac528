// Reads the machine's own apt sources and writes them for another suite of the same distribution: the mirror, the
// proxy and the keys stay those that this machine trusts, and no host name has to be known here.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Newest last. Each suite carries one PostgreSQL major; end-of-life suites leave the mirrors and are not listed. */
export const suitesOf = {
  debian: ['bookworm', 'trixie', 'forky', 'sid'],
  ubuntu: ['jammy', 'noble', 'resolute'],
}

export function distribution(osRelease = '/etc/os-release') {
  if (!existsSync(osRelease)) return undefined
  const fields = Object.fromEntries(
    [...readFileSync(osRelease, 'utf8').matchAll(/^(\w+)="?([^"\n]*)"?$/gm)].map(([, key, value]) => [key, value]),
  )
  const id = [fields.ID, ...(fields.ID_LIKE ?? '').split(' ')].find((name) => name in suitesOf)
  return id === undefined ? undefined : { id, codename: fields.UBUNTU_CODENAME ?? fields.VERSION_CODENAME ?? '' }
}

/** Paragraphs in the deb822 format (sources.list(5)) for `suite`, or an empty list when no source of the distribution is set up. */
export function sourcesForSuite({ id, codename }, suite, folder = '/etc/apt') {
  const own = new Set([codename, ...suitesOf[id], 'stable', 'testing', 'unstable'])
  const paragraphs = sourceFiles(folder).flatMap((file) => {
    const text = readFileSync(file, 'utf8')
    return file.endsWith('.sources') ? text.split(/\n\s*\n/).map(withoutComments) : fromOneLineFormat(text)
  })
  return paragraphs
    .filter((paragraph) => {
      const suites = (field(paragraph, 'Suites') ?? '').split(/\s+/)
      return (
        (field(paragraph, 'Types') ?? '').split(/\s+/).includes('deb') &&
        field(paragraph, 'Enabled')?.toLowerCase() !== 'no' &&
        (field(paragraph, 'Components') ?? '').split(/\s+/).includes('main') &&
        suites.some((name) => own.has(name))
      )
    })
    .map((paragraph) =>
      [
        'Types: deb',
        `Suites: ${suite}`,
        'Components: main',
        ...kept(paragraph, ['Types', 'Suites', 'Components', 'Enabled']),
      ].join('\n'),
    )
}

function sourceFiles(folder) {
  const parts = join(folder, 'sources.list.d')
  const inParts = existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : []
  return [join(folder, 'sources.list'), ...inParts].filter((file) => /\.(list|sources)$/.test(file) && existsSync(file))
}

function withoutComments(paragraph) {
  return paragraph
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .join('\n')
}

/** `deb [signed-by=… arch=…] URI suite component…` */
function fromOneLineFormat(text) {
  return [...text.matchAll(/^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+)$/gm)].map(([, options, uri, suite, rest]) =>
    [
      'Types: deb',
      `URIs: ${uri}`,
      `Suites: ${suite}`,
      `Components: ${rest.split('#')[0].trim()}`,
      ...(options ?? '')
        .split(/\s+/)
        .map((option) => option.split('='))
        .flatMap(([name, value]) => {
          if (name === 'signed-by') return [`Signed-By: ${value}`]
          if (name === 'trusted') return [`Trusted: ${value}`]
          return []
        }),
    ].join('\n'),
  )
}

function field(paragraph, name) {
  return new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(paragraph)?.[1]?.trim()
}

/** All other fields as they are, with their continuation lines (a key can be written out in Signed-By). */
function kept(paragraph, replaced) {
  const lines = []
  let keeping = false
  for (const line of paragraph.split('\n')) {
    if (!/^\s/.test(line)) keeping = !replaced.some((name) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
    if (keeping) lines.push(line)
  }
  return lines
}
