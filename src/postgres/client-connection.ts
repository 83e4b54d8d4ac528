import { existsSync } from 'node:fs'
import type { ClientTools } from './client-choice.ts'
import type { ClientConnection } from './client-process.ts'
import { type DatabaseUrl, libpqEnvironment, passwordOf } from './url.ts'

/** Where operating systems keep the certificate authorities they trust, in one file. */
const systemRootFiles = [
  '/etc/ssl/certs/ca-certificates.crt', // Debian, Ubuntu, Alpine
  '/etc/pki/tls/certs/ca-bundle.crt', // Fedora, Red Hat
  '/etc/ssl/cert.pem', // macOS
]

/** libpq understands `sslrootcert=system` from 16 on (manual, 34.1.2); an older one is given the file. */
export function connectionFor(url: DatabaseUrl): (client: ClientTools) => ClientConnection {
  return (client) => {
    const systemRoots = client.major >= 16 ? 'system' : (systemRootFiles.find((path) => existsSync(path)) ?? 'system')
    const password = passwordOf(url)
    return { environment: libpqEnvironment(url, systemRoots), password: password === '' ? undefined : password }
  }
}
