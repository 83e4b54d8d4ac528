import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { messageOf } from '../errors.ts'
import { type OutputName, outputs } from '../inputs.ts'

export type OutputValues = Readonly<Partial<Record<OutputName, string>>>

export type Written = { readonly kind: 'written' } | { readonly kind: 'not-written'; readonly reason: string }

/** GITHUB_OUTPUT takes `name<<delimiter`, and a delimiter that can be guessed lets a value add outputs of its own. */
export function formatOutputs(values: OutputValues, delimiter: string): string {
  return Object.keys(outputs)
    .flatMap((name) => {
      const value = values[name as OutputName]
      if (value === undefined) return []
      if (value.includes(delimiter)) throw new Error(`The value of output ${name} contains the delimiter.`)
      return [`${name}<<${delimiter}\n${value}\n${delimiter}\n`]
    })
    .join('')
}

/** The database has been changed by now: an unwritable output is said, and changes no outcome. */
export function writeOutputs(path: string | undefined, values: OutputValues): Written {
  if (path === undefined || path === '') return { kind: 'not-written', reason: 'GITHUB_OUTPUT is not set' }
  try {
    appendFileSync(path, formatOutputs(values, `airlock-${randomUUID()}`))
    return { kind: 'written' }
  } catch (thrown) {
    return { kind: 'not-written', reason: messageOf(thrown) }
  }
}
