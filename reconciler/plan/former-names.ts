import type { LedgerEntry, ObservedContainer } from '../model/actual.ts'
import type { DesiredStacklet } from '../model/desired.ts'

/**
 * The name under which each container was applied: its own, or, for one that was renamed since, a name of its service that
 * nobody bears now. What Compose leaves behind when it is killed while it makes a container anew is none of these.
 */
export function formerNames(
  containers: readonly ObservedContainer[],
  entry: LedgerEntry,
  { project }: DesiredStacklet,
): ReadonlyMap<ObservedContainer, string> {
  const known = Object.keys(entry.containers)
  const taken = new Set(containers.map((one) => one.name))
  const names = new Map<ObservedContainer, string>()
  const free = new Set(known.filter((name) => !taken.has(name)))
  for (const container of [...containers].sort((one, other) => (one.name < other.name ? -1 : 1))) {
    if (known.includes(container.name)) {
      names.set(container, container.name)
      continue
    }
    const own = [...free].sort().find((name) => !isHalfWay(container.name) && isOfService(name, container, project))
    if (own === undefined) continue
    free.delete(own)
    names.set(container, own)
  }
  return names
}

function isOfService(name: string, { service }: ObservedContainer, project: DesiredStacklet['project']): boolean {
  const wanted = project?.services.find((one) => one.name === service)
  if (project === null || wanted === undefined) return false
  if (wanted.containerName !== null) return name === wanted.containerName
  return name.startsWith(`${project.name}-${wanted.name}-`) && /^\d+$/.test(name.slice(name.lastIndexOf('-') + 1))
}

function isHalfWay(name: string): boolean {
  return /^[0-9a-f]{12}_/.test(name)
}
