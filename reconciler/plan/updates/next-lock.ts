import type { Desired, DesiredStacklet } from '../../model/desired.ts'
import type { Lock, LockedImage } from '../../model/locked-image.ts'

/** What one service is to be locked to; null: to nothing. */
export interface LockLine {
  readonly stacklet: string
  readonly service: string
  readonly line: LockedImage | null
}

/** The lock with these lines. */
export function withLines(lock: Lock, lines: readonly LockLine[]): Lock {
  const next: Record<string, Record<string, LockedImage>> = {}
  for (const [id, services] of Object.entries(lock)) next[id] = { ...services }
  for (const { stacklet, service, line } of lines) {
    const services = next[stacklet] ?? {}
    delete services[service]
    next[stacklet] = line === null ? services : { ...services, [service]: line }
  }
  return next
}

/**
 * The lock without lines that nothing can be bound by any more: the stacklet has no directory, or its file no such service. What
 * only this host does not run stays: another one may.
 */
export function withoutStale(lock: Lock, desired: Desired, everyone: readonly DesiredStacklet[]): Lock {
  const kept = Object.entries(lock).flatMap(([id, services]) => {
    if (!everyone.some((one) => one.id === id)) return []
    const project = desired.stacklets.find((one) => one.id === id)?.project ?? null
    if (project === null) return [[id, services] as const]
    const there = Object.entries(services).filter(([name]) => project.services.some((one) => one.name === name))
    return [[id, Object.fromEntries(there)] as const]
  })
  return Object.fromEntries(kept)
}
