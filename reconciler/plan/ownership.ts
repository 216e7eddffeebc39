import type { Actual, ObservedContainer } from '../model/actual.ts'
import type { StackletId } from '../model/names.ts'
import { indexOf } from './container-index.ts'

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
  const { byStacklet, unlabelled, placeOf } = indexOf(actual)
  const project = actual.ledger[id]?.project?.name
  const adopted = project === undefined ? [] : (unlabelled.get(project) ?? [])
  const own = [...(byStacklet.get(id) ?? []), ...adopted].filter(
    (container) => !container.isHelper && !container.isOneOff && isOurs(container, actual),
  )
  return own.sort((one, other) => (placeOf.get(one) ?? 0) - (placeOf.get(other) ?? 0))
}
