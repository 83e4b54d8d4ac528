import { FailureError } from '../../../errors.ts'
import type { ClientTools } from '../../../postgres/client-choice.ts'
import { type ClientConnection, runClient, withSettings } from '../../../postgres/client-process.ts'
import { withoutRowValues } from '../../../postgres/row-values.ts'
import { notRestorable, scratchFailed } from './decide.ts'

/** What an archive, or a copy made from it, says about itself in text. */

/** Tablespaces are folders of the source's machine, subscriptions connect to other servers: the copy has neither. */
export const withoutOutside = ['--no-tablespaces', '--no-subscriptions'] as const

export function listArchive(client: ClientTools, path: string, signal: AbortSignal): Promise<string> {
  return outputOf({ program: client.restore, args: ['--list', path], signal })
}

export function schemaOfArchive(client: ClientTools, path: string, signal: AbortSignal): Promise<string> {
  return outputOf({ program: client.restore, args: ['--schema-only', ...withoutOutside, '--file=-', path], signal })
}

/** The definitions of large objects and their privileges are not part of a schema. */
export function entriesOfArchive(
  client: ClientTools,
  { path, listFile }: { readonly path: string; readonly listFile: string },
  signal: AbortSignal,
): Promise<string> {
  return outputOf({ program: client.restore, args: [`--use-list=${listFile}`, '--file=-', path], signal })
}

export function schemaOfDatabase(
  client: ClientTools,
  connection: ClientConnection,
  archiveSettings: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<string> {
  // Texts are written in the encoding and with the quoting that the archive was written with.
  const encoding = archiveSettings.get('client_encoding')
  const strings = archiveSettings.get('standard_conforming_strings')
  return outputOf({
    program: client.dump,
    args: [
      '--schema-only',
      '--no-password',
      ...withoutOutside,
      ...(encoding === undefined ? [] : [`--encoding=${encoding}`]),
    ],
    connection: withSettings(connection, strings === 'off' ? { standard_conforming_strings: 'off' } : {}),
    signal,
  })
}

async function outputOf(command: Parameters<typeof runClient>[0]): Promise<string> {
  const parts: string[] = []
  const exit = await runClient({
    ...command,
    takeOutput: async (output) => {
      output.setEncoding('utf8')
      for await (const part of output) parts.push(String(part))
    },
  })
  if (exit.code !== 0) {
    const why = withoutRowValues(exit.stderr) || `${command.program} ended with ${exit.code}`
    throw new FailureError(scratchFailed(why) ?? notRestorable(why))
  }
  return parts.join('')
}
