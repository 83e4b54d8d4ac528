import { spawnSync } from 'node:child_process'
import { expect } from 'vitest'

/** A disk that can be filled. Only root of a Linux may mount one. */
export function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  const probe = spawnSync('mktemp', ['-d'], { encoding: 'utf8' }).stdout.trim()
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe])
  if (status === 0) spawnSync('umount', [probe])
  spawnSync('rmdir', [probe])
  return status === 0
}

export function mountMegabytes(path: string, megabytes: number): void {
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path]).status).toBe(0)
}

export function unmount(path: string): void {
  expect(spawnSync('umount', [path]).status).toBe(0)
}
