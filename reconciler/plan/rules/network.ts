import type { StackletId } from '../../model/names.ts'
import { sharedMerge } from '../merges.ts'
import { needsContainers } from '../needs.ts'
import { propose } from '../propose.ts'
import { sharedNetwork } from '../shared-network.ts'
import type { Change, ProposedStep } from '../step.ts'
import type { Merge } from '../twins.ts'
import type { Facts } from './rule.ts'

/** Compose starts nothing whose network is missing or there twice, so each is there once before the first container. */
export function planNetwork({ situations, actual }: Facts): readonly ProposedStep[] {
  const wanting = situations.filter(needsContainers)
  const own = wanting.flatMap(({ wanted, merges }) => merges.map((merge) => mergeNetworks(wanted.id, merge)))
  return wanting.length === 0 ? [] : [...sharedOf(actual), ...own]
}

function sharedOf(actual: Facts['actual']): readonly ProposedStep[] {
  const merge = sharedMerge(actual)
  if (merge !== null) return [mergeNetworks(null, merge)]
  if (actual.networks.has(sharedNetwork)) return []
  return [propose({ kind: 'create-network', network: sharedNetwork, because: 'missing' })]
}

function mergeNetworks(stacklet: StackletId | null, merge: Merge): ProposedStep {
  return propose({ kind: 'merge-networks', stacklet, ...merge, because: 'made twice' }, changesOf(merge))
}

function changesOf({ network, keep, remove, moves }: Merge): readonly Change[] {
  const cause = 'made twice'
  return [
    ...moves.map(({ container, from }) => {
      return { field: `${container} Networks.${network}`, want: shortly(keep), got: shortly(from), cause }
    }),
    ...remove.map((id) => ({ field: `network ${shortly(id)}`, want: null, got: network, cause })),
  ]
}

function shortly(id: string): string {
  return id.slice(0, 12)
}
