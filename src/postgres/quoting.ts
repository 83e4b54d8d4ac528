/** A name as PostgreSQL reads it back, whatever is in it. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`
  // Right under both settings of standard_conforming_strings.
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

/**
 * For `--dbname`: a name with `=` in it, or one that begins like a URL, would be read as a connection string
 * (manual, 34.1.1), so the name always goes as one.
 */
export function connectionStringFor(database: string): string {
  return `dbname='${database.replaceAll(/['\\]/g, '\\$&')}'`
}

export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
