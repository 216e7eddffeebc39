import type { Actual, ObservedContainer } from '../model/actual.ts'
import type { StackletId } from '../model/names.ts'

type Seen = Pick<Actual, 'instance' | 'ledger' | 'containers'>

/** Whether a container is ours: it has our labels, or our ledger knows it by name (adopted). */
export function isOurs(container: ObservedContainer, actual: Seen): boolean {
  if (container.instance !== null) return container.instance === actual.instance
  return Object.values(actual.ledger).some(
    (entry) => entry.containers[container.name] !== undefined && entry.project?.name === container.project,
  )
}

/** The service containers of one stacklet that are ours; helpers and `compose run` containers are none of its services. */
export function containersOf(id: StackletId, actual: Seen): readonly ObservedContainer[] {
  const project = actual.ledger[id]?.project?.name
  return actual.containers.filter((container) => {
    if (container.isHelper || container.isOneOff || !isOurs(container, actual)) return false
    return container.stacklet === null
      ? project !== undefined && container.project === project
      : container.stacklet === id
  })
}
