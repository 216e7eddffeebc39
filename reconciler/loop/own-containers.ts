import type { Actual, ObservedContainer } from '../model/actual.ts'
import type { StackletId } from '../model/names.ts'
import { containersOf } from '../plan/ownership.ts'
import type { World } from '../ports/world.ts'
import { loadDesired } from './load-desired.ts'
import { idsOf, unknownStacklet } from './preview.ts'

/** A container of this instance, and whose it is. */
export interface OwnContainer {
  readonly stacklet: StackletId
  readonly container: ObservedContainer
}

/** Every container of this instance, or of one stacklet, by stacklet and name. Nothing of a stacklet's files is read. */
export async function ownContainers(
  world: World,
  id: string | null,
  signal: AbortSignal,
): Promise<readonly OwnContainer[]> {
  const owned = await lookForOwn(world, signal)
  const labelled = owned.containers.flatMap(({ stacklet }) => (stacklet === null ? [] : [stacklet as StackletId]))
  const ids = new Set([...Object.values(owned.ledger).map((entry) => entry.id), ...labelled])
  const wanted = [...ids].filter((one) => id === null || one === id).sort()
  return wanted.flatMap((stacklet) => containersOf(stacklet, owned).map((container) => ({ stacklet, container })))
}

async function lookForOwn(
  world: World,
  signal: AbortSignal,
): Promise<Pick<Actual, 'instance' | 'ledger' | 'containers'>> {
  const { entries: ledger } = await world.ledger.read()
  const { instance } = await world.host.facts(null)
  const projects = Object.values(ledger).flatMap((entry) => entry.project?.name ?? [])
  const { containers } = await world.engine.look({ instance, projects }, signal)
  return { instance, ledger, containers }
}

/** The containers of one stacklet, of which there may be none. Throws for an id that names nothing here. */
export async function containersOfStacklet(
  world: World,
  id: string,
  home: string,
  signal: AbortSignal,
): Promise<readonly ObservedContainer[]> {
  const own = await ownContainers(world, id, signal)
  if (own.length === 0) await mustExist(world, id, home, signal)
  return own.map(({ container }) => container)
}

async function mustExist(world: World, id: string, home: string, signal: AbortSignal): Promise<void> {
  const { entries } = await world.ledger.read()
  if (Object.hasOwn(entries, id) || entries[id] !== undefined) return
  const { everyStacklet } = await loadDesired(world, 'work-tree', home, signal)
  const known = idsOf(everyStacklet())
  if (!known.some((one) => one === id)) throw unknownStacklet(id, known)
}
