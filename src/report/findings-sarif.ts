/**
 * Findings as SARIF 2.1.0, which GitHub's code scanning and other viewers read.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
 */

import { documentationUrl } from '../project.ts'
import type { Finding, Severity } from '../rules/finding.ts'
import type { Rule } from '../rules/rule.ts'

const levels = { error: 'error', warning: 'warning', notice: 'note' } as const satisfies Record<Severity, string>

export function findingsSarif(findings: readonly Finding[], rules: readonly Rule[], version: string): string {
  const used = rules.filter((rule) => findings.some((finding) => finding.rule === rule.id))
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Airlock',
            semanticVersion: version,
            rules: used.map(descriptor),
          },
        },
        columnKind: 'unicodeCodePoints',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
        results: findings.map((finding) => result(finding, used)),
      },
    ],
  }
  return `${JSON.stringify(log, undefined, 2)}\n`
}

function descriptor(rule: Rule) {
  const { summary, bad, good } = rule.documentation
  return {
    id: rule.id,
    shortDescription: { text: rule.title },
    fullDescription: { text: summary },
    help: {
      text: `${summary}\n\nInstead of:\n${bad}\n\nwrite:\n${good}`,
      markdown: `${summary}\n\nInstead of\n\n\`\`\`sql\n${bad}\n\`\`\`\n\nwrite\n\n\`\`\`sql\n${good}\n\`\`\``,
    },
    helpUri: `${documentationUrl}/rules/${rule.id}.md`,
    properties: { tags: [rule.group, 'migration', 'postgresql'] },
  }
}

function result(finding: Finding, used: readonly Rule[]) {
  const ruleIndex = used.findIndex((rule) => rule.id === finding.rule)
  return {
    ruleId: finding.rule,
    ...(ruleIndex === -1 ? {} : { ruleIndex }),
    level: levels[finding.severity],
    message: { text: `${finding.message}\n\n${finding.why}\n\nInstead:\n${finding.instead}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(finding.file), uriBaseId: '%SRCROOT%' },
          region: { startLine: finding.line, startColumn: finding.column },
        },
      },
    ],
    // A migration never changes once it is applied, so its name and what is said about it find the same result again.
    partialFingerprints: {
      'airlockFinding/v1': fingerprint([finding.rule, finding.migration, finding.message].join('\n')),
    },
  }
}

/** A relative URI reference: forward slashes, and nothing that could read as a scheme, a query or a fragment. */
function uriOf(file: string): string {
  const path = file.replaceAll('\\', '/').replace(/^\.\//, '')
  return path.split('/').map(encodeURIComponent).join('/')
}

/** FNV-1a over UTF-16 units, twice with different starts: a name for a result, no protection of anything. */
function fingerprint(text: string): string {
  return [0x811c9dc5, 0x9747b28c]
    .map((start) => {
      let hash = start
      for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
      return (hash >>> 0).toString(16).padStart(8, '0')
    })
    .join('')
}
