import type { Client } from 'pg'

/** The server process that serves this connection. The driver keeps it, and its types (@types/pg 8.23) do not know it. */
export function backendPid(client: Client): number {
  if ('processID' in client && typeof client.processID === 'number') return client.processID
  throw new Error('The connection is not open: the server has not said which of its processes serves it')
}
