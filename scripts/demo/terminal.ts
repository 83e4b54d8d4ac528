/** How the story looks. The programs in it print for themselves; this is what stands around their output. */

const colourful = process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === ''

function paint(code: string, text: string): string {
  return colourful ? `\u001b[${code}m${text}\u001b[0m` : text
}

const width = 100

export function title(text: string): void {
  print(`\n${paint('1', text)}\n`)
}

export function heading(text: string): void {
  print(`\n${paint('36', `── ${paint('1', text)} ${paint('36', '─'.repeat(Math.max(3, width - text.length - 4)))}`)}\n`)
}

/** A paragraph of the story, broken at the width of the headings. */
export function say(text: string): void {
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      print(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  print(`${line}\n`)
}

/** A command that is run exactly as it stands here. */
export function command(words: readonly string[]): void {
  print(`${paint('1;32', '$')} ${paint('1', words.map(quoteForShell).join(' '))}`)
}

export function quote(text: string): void {
  print(`${text.replaceAll(/^/gm, paint('2', '  │ '))}\n`)
}

export function note(text: string): void {
  print(paint('2', text))
}

/** Something the demo found out for itself, in the database or on the disk. */
export function found(text: string): void {
  print(`${paint('32', 'checked')}  ${text}`)
}

export function bad(text: string): void {
  print(`\n${paint('31', text)}`)
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

function quoteForShell(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
