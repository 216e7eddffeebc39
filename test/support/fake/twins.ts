import type { TwinNetwork } from '../../../reconciler/model/actual.ts'
import type { Repair } from '../../../reconciler/model/repair.ts'
import type { Box } from './box.ts'
import type { FakeContainer } from './container.ts'

/** The id of the network `stack` that was there first. */
const first = 'first'

/** The networks called `stack`, where there are several. Somebody else's containers are all on the first. */
export function twinsIn(box: Box): readonly TwinNetwork[] {
  if (box.twins.size === 0) return []
  return [first, ...box.twins.keys()].map((id, index) => ({
    ...{ id, name: 'stack', createdAtMs: index, project: null, instance: box.instance },
    containers: box.containers.filter((one) => placeOf(box, one) === id),
  }))
}

function placeOf(box: Box, { id, labels }: FakeContainer): string {
  const twin = [...box.twins].find(([, containers]) => containers.has(id))
  return twin === undefined || labels['stack.instance'] !== box.instance ? first : twin[0]
}

export function putOnTwin(box: Box, id: string, what: Extract<Repair, { readonly network: string }>): void {
  if (what.kind === 'connect') box.twins.get(what.network)?.add(id)
  else box.twins.get(what.network)?.delete(id)
}

/** Where the first goes, the next one is the first. */
export function discardNetwork(box: Box, name: string): boolean {
  if (name !== first && !box.twins.has(name)) return box.networks.delete(name)
  if (box.containers.some((one) => placeOf(box, one) === name)) return false
  const gone = name === first ? [...box.twins.keys()][0] : name
  return gone !== undefined && box.twins.delete(gone)
}
