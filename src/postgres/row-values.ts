/**
 * The server's DETAIL lines quote rows: `Key (email)=(a@b.c) already exists`, `Failing row contains (…)`. Column names help
 * whoever has to correct the data; the values are somebody's and stay out of every log and report.
 */
export function withoutRowValues(text: string): string {
  return text
    .replaceAll(
      /(Key \((?:[^()]|\([^()]*\))*\))=\(.*\)(?= (?:already exists|is duplicated|is not present|is still referenced|conflicts))/g,
      '$1=(…)',
    )
    .replaceAll(/(conflicts with existing key \((?:[^()]|\([^()]*\))*\))=\(.*\)/g, '$1=(…)')
    .replaceAll(/(Failing row contains) \(.*\)/g, '$1 (…)')
    .replaceAll(/(invalid input (?:syntax|value) for [^:\n]*): ".*"/g, '$1: "…"')
}
