/**
 * The server's DETAIL lines quote rows: `Key (email)=(a@b.c) already exists`, `Failing row contains (…)`. Column names help
 * whoever has to correct the data; the values are somebody's and stay out of every log and report. A value may have line breaks
 * in it: where the line does not end as the message would, everything up to the last place where it could is left out.
 */
export function withoutRowValues(text: string): string {
  return (
    text
      .replaceAll(
        /(Key \((?:[^()]|\([^()]*\))*\))=\((?:.*|[\s\S]*)\)(?= (?:already exists|is duplicated|is not present|is still referenced|conflicts))/g,
        '$1=(…)',
      )
      .replaceAll(/(conflicts with (?:existing )?key \((?:[^()]|\([^()]*\))*\))=\((?:.*\)|[\s\S]*\))/g, '$1=(…)')
      .replaceAll(/(Failing row contains) \((?:.*\)\.?$|[\s\S]*\))/gm, '$1 (…)')
      .replaceAll(/(failing row contains \([^()\n]*\)) = \((?:.*\)\.?$|[\s\S]*\))/gm, '$1 = (…)')
      .replaceAll(/(invalid input (?:syntax|value) for [^:\n]*): "(?:.*"|[\s\S]*")/g, '$1: "…"')
      // What else quotes a value that does not convert; the names of types and of what is wrong stay.
      .replaceAll(
        /((?:malformed \w+ literal|out of range|(?:syntax error|no operand) in tsquery)): "(?:.*"|[\s\S]*")/g,
        '$1: "…"',
      )
      .replaceAll(
        /\b(value|Token|unit|time zone|invalid type name) "(?:.*|[\s\S]*)"(?= is |$| not recognized)/gm,
        '$1 "…"',
      )
      // Where pg_restore was in a table's data (copyfromparse.c): the line, or the column with its value.
      .replaceAll(/(CONTEXT: +COPY [^\n]*?, line \d+(?:, column [^\n]*?)?): .*/g, '$1: …')
      .replaceAll(/(JSON data, line \d+): .*/g, '$1: …')
  )
}
