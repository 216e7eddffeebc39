import type { Actual, ObservedContainer } from '../model/actual.ts'
import type { StackletId } from '../model/names.ts'

/** What becomes of containers that the engine cannot start. Which of those that are down it is, it does not always say. */
export interface Stuck {
  /** Services that get new containers. */
  readonly remade: readonly string[]
  /** Containers that are removed. */
  readonly removed: readonly ObservedContainer[]
}

/**
 * Compose makes them anew first: it carries their anonymous volumes over. Where that met the same, they are removed, which leaves
 * those volumes behind, and made from nothing.
 */
export function stuckOf(id: StackletId, stopped: readonly ObservedContainer[], { stuck }: Actual): Stuck {
  const times = stuck[id] ?? 0
  const services = stopped.map(({ service }) => service).filter((service) => service !== null)
  return {
    remade: times === 1 ? [...new Set(services)].sort() : [],
    removed: times > 1 ? stopped : [],
  }
}
