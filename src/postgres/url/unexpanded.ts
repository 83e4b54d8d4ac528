import { example, problem, type UrlProblem } from './say.ts'

interface Expansion {
  readonly pattern: RegExp
  readonly shown: (match: RegExpExecArray) => string
  readonly why: string
}

/** Defaults inside an expansion may hold a password: only the name is ever shown. */
const expansions: readonly Expansion[] = [
  {
    pattern: /\$\{\{\s*([\w.[\]'-]*)/,
    shown: (match) => `\${{ ${match[1] ?? ''} }}`,
    why: 'GitHub evaluates such an expression in a workflow file only; in a script, an env file or a secret it stays text.',
  },
  {
    pattern: /\{\{\s*([\w.-]*)/,
    shown: (match) => `{{ ${match[1] ?? ''} }}`,
    why: 'It is a template that no tool has filled in.',
  },
  {
    pattern: /\$\{([A-Za-z_]\w*)?(:?[-=?+])?/,
    shown: (match) => `\${${match[1] ?? ''}${match[2] === undefined ? '' : `${match[2]}…`}}`,
    why: 'A shell or Docker Compose would expand it; a secret, the `env:` of a workflow and most env file readers do not.',
  },
  {
    pattern: /\$\([a-z][\w ./'"-]*\)/i,
    shown: () => '$(…)',
    why: 'A shell would run the command; here it stays text.',
  },
  {
    pattern: /(?:^|:\/\/|[:@/])\$([A-Z_][A-Z0-9_]{2,}|[a-z]+_[a-z_]+)(?=$|[:@/?])/,
    shown: (match) => `$${match[1] ?? ''}`,
    why: 'A shell would expand it; a secret, the `env:` of a workflow and most env file readers do not.',
  },
  {
    pattern: /(?:^|:\/\/|[:@/])%([A-Za-z_]\w{2,})%(?=$|[:@/?])/,
    shown: (match) => `%${match[1] ?? ''}%`,
    why: 'The Windows command prompt would expand it; here it stays text.',
  },
  {
    pattern: /<%=?\s|#\{\w+\}/,
    shown: () => 'a template expression',
    why: 'It is a template that no tool has filled in.',
  },
]

/** Text that some shell, template or workflow should have replaced and did not. */
export function unexpanded(text: string, variable: string): UrlProblem | undefined {
  for (const { pattern, shown, why } of expansions) {
    const match = pattern.exec(text)
    if (match === null) continue
    return problem('URL.UNEXPANDED', `\`${variable}\` still contains \`${shown(match)}\`.`, why, [
      'Store the finished URL in the secret and hand it over in the workflow:',
      `${variable}: \${{ secrets.${/^[A-Z0-9_]+$/.test(variable) ? variable : 'DATABASE_URL'} }}`,
      `The value of the secret looks like this: ${example()}`,
    ])
  }
  return undefined
}
