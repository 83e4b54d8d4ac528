/**
 * A secret leaves in many spellings: the whole, each line of it, the password as it stands in the URL and as it is once
 * decoded. Whoever hides secrets hides every one of these.
 */

/**
 * A part this short would blank out digits and words all over the log, and GitHub drops a job output that contains a
 * masked string: a password of `1` would lose the plan digest. The whole URL is masked either way.
 */
const shortestPart = 4

export function spellingsOf(secrets: readonly string[]): readonly string[] {
  const found = new Set<string>()
  for (const secret of secrets) {
    const whole = secret.trim()
    if (whole === '') continue
    for (const part of [secret, whole, ...lines(whole), ...passwords(whole), ...webhookParts(whole)]) {
      if (part.length >= shortestPart) found.add(part)
    }
  }
  return [...found].sort((a, b) => b.length - a.length)
}

function lines(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).map((line) => line.trim())
}

/** Without a URL parser: it would refuse exactly the malformed URLs whose passwords end up in messages. */
function passwords(text: string): readonly string[] {
  const authority = /^[^:/?#]*:\/\/([^/?#]*)/.exec(text)?.[1] ?? ''
  // An unescaped `@`, `/`, `?` or `#` in a password moves the end of the authority: take the longest reading too.
  const loose = /^[^:/?#]*:\/\/(.*)@/s.exec(text)?.[1] ?? ''
  const fromUser = [authority.slice(0, Math.max(0, authority.lastIndexOf('@'))), loose]
    .filter((user) => user.includes(':'))
    .map((user) => user.slice(user.indexOf(':') + 1))
  const fromQuery = [...text.matchAll(/[?&](?:password|sslpassword|passfile)=([^&#]*)/gi)].map(
    ([, value]) => value ?? '',
  )
  return [...fromUser, ...fromQuery].flatMap((raw) => [raw, decoded(raw), encodeURIComponent(decoded(raw))])
}

/** The path of a webhook is its password: `hooks.slack.com/services/T…/B…/…`. */
function webhookParts(text: string): readonly string[] {
  const path = /^https:\/\/[^/?#]+\/((?:services|workflows|triggers)\/[^?#\s]+)/.exec(text)?.[1]
  return path === undefined ? [] : [path, path.slice(path.lastIndexOf('/') + 1)]
}

function decoded(raw: string): string {
  // Byte by byte where decodeURIComponent would throw: a stray `%` is common in passwords that nobody encoded.
  return raw.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run)
    } catch {
      return run
    }
  })
}
