/**
 * Passwords that somebody wrote into a migration: they are in the repository already, and need not be in every report,
 * comment and log as well. Found in the text, because they must be known before anything about it is said.
 */
export function secretsIn(sql: string): readonly string[] {
  const found = new Set<string>()
  // CREATE ROLE … PASSWORD 'x', OPTIONS (password 'x'), 'password=x' in a connection string
  for (const [, literal = ''] of sql.matchAll(/\bpassw(?:or)?d\s*(?:=>|:?=)?\s*(?:[EN]|U&)?'((?:[^']|'')+)'/gi)) {
    found.add(literal)
    found.add(literal.replaceAll("''", "'"))
  }
  for (const [, word = ''] of sql.matchAll(/\bpassword=([^\s'"&;]+)/gi)) found.add(word)
  for (const [url] of sql.matchAll(/\b[a-z][\w+.-]*:\/\/[^\s'"/@]*:[^\s'"/@]+@[^\s'"]*/gi)) found.add(url)
  return [...found]
}
