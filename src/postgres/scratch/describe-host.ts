import { existsSync } from 'node:fs'
import type { Host } from './embedded-packages.ts'

/** The loader that a program for the GNU C library names, by the architecture's ABI. */
const loaders: Readonly<Record<string, string>> = {
  x64: '/lib64/ld-linux-x86-64.so.2',
  arm64: '/lib/ld-linux-aarch64.so.1',
}

export function describeHost(): Host {
  const { platform, arch } = process
  return { platform, architecture: arch, glibc: existsSync(loaders[arch] ?? '') }
}
