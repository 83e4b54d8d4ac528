/**
 * How far away a host is, judged by its name alone.
 *
 * `local`: this machine or its container network, where no wire is shared with strangers. Loopback, Unix sockets, and
 * names without a dot, which only a container network or a hosts file can resolve (`postgres` in a workflow's `services`).
 * `private`: an address or a name that is not routed on the internet. The wire may be shared, so TLS is expected there,
 * but going without it is a choice that a user can make.
 * `public`: everything else, unknown names included.
 */
export type Network = 'local' | 'private' | 'public'

const localNames: ReadonlySet<string> = new Set([
  'host.docker.internal',
  'gateway.docker.internal',
  'host.containers.internal',
])

/** RFC 6762, RFC 8375, ICANN's reservation of `.internal` (2024), and Kubernetes' service names. */
const privateSuffixes = ['.internal', '.local', '.lan', '.home.arpa', '.intranet', '.svc', '.flycast']

export function networkOf(host: string): Network {
  const name = host.toLowerCase().replace(/\.$/, '')
  if (name.startsWith('/') || name.startsWith('@') || localNames.has(name)) return 'local'
  if (name === 'localhost' || name.endsWith('.localhost')) return 'local'
  const v4 = ipv4(name)
  if (v4 !== undefined) return networkOfV4(v4)
  if (name.includes(':')) return networkOfV6(name)
  if (!name.includes('.')) return 'local'
  return privateSuffixes.some((suffix) => name.endsWith(suffix)) ? 'private' : 'public'
}

function ipv4(name: string): readonly [number, number] | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}$/.exec(name)
  return match === null ? undefined : [Number(match[1]), Number(match[2])]
}

/** RFC 1918, RFC 6598 (carrier and overlay networks), RFC 3927. */
function networkOfV4([first, second]: readonly [number, number]): Network {
  if (first === 127 || first === 0) return 'local'
  if (first === 10) return 'private'
  if (first === 172 && second >= 16 && second <= 31) return 'private'
  if (first === 192 && second === 168) return 'private'
  if (first === 169 && second === 254) return 'private'
  if (first === 100 && second >= 64 && second <= 127) return 'private'
  return 'public'
}

/** RFC 4193 and RFC 4291; an IPv4 address inside IPv6 is judged as the IPv4 address. */
function networkOfV6(name: string): Network {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(name)?.[1]
  const v4 = mapped === undefined ? undefined : ipv4(mapped)
  if (v4 !== undefined) return networkOfV4(v4)
  if (name === '::1' || name === '::') return 'local'
  return /^f[cd]|^fe[89ab]/.test(name) ? 'private' : 'public'
}
