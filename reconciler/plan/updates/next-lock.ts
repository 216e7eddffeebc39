import type { BuiltFrom } from '../../model/compose-project.ts'
import type { Desired, DesiredStacklet } from '../../model/desired.ts'
import { furtherLine, type Lock, type LockedImage } from '../../model/locked-image.ts'

/** What one service is to be locked to; null: to nothing. */
export interface LockLine {
  readonly stacklet: string
  /** The service, or the name of a further line of it. */
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

export interface LockReaders extends Pick<Desired, 'stacklets'> {
  /** Those that other hosts run, too. */
  readonly everyone: readonly DesiredStacklet[]
  /** What is built here, `photos web`, and from which images. */
  readonly bases: ReadonlyMap<string, BuiltFrom>
}

/**
 * The lock without lines that nothing can be bound by any more: the stacklet has no directory, its file no such service, or the
 * Dockerfile of that no such image. What only this host does not run stays: another one may.
 */
export function withoutStale(lock: Lock, { stacklets, everyone, bases }: LockReaders): Lock {
  const kept = Object.entries(lock).flatMap(([id, services]) => {
    if (!everyone.some((one) => one.id === id)) return []
    const project = stacklets.find((one) => one.id === id)?.project ?? null
    if (project === null) return [[id, services] as const]
    const binding = new Set(project.services.flatMap(({ name }) => linesOf(name, bases.get(`${id} ${name}`))))
    return [[id, Object.fromEntries(Object.entries(services).filter(([name]) => binding.has(name)))] as const]
  })
  return Object.fromEntries(kept)
}

function linesOf(service: string, from: BuiltFrom | undefined): readonly string[] {
  return [service, ...(from?.others ?? []).map((image) => furtherLine(service, image))]
}
