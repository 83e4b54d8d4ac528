import { printable } from './findings-width.ts'

/** Text that others wrote, inside SVG and HTML, between tags and in quoted attributes. XML 1.0 has no place for two characters that PostgreSQL takes in a name. */
export function markup(text: string): string {
  return printable(text)
    .replaceAll(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
