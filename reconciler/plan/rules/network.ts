import { needsContainers } from '../needs.ts'
import { propose } from '../propose.ts'
import { sharedNetwork } from '../shared-network.ts'
import type { ProposedStep } from '../step.ts'
import type { Facts } from './rule.ts'

/** Compose refuses to start anything whose external network is missing, so it is there before the first container. */
export function planNetwork({ situations, actual }: Facts): readonly ProposedStep[] {
  const isWanted = situations.some(needsContainers)
  if (!isWanted || actual.networks.has(sharedNetwork)) return []
  return [propose({ kind: 'create-network', network: sharedNetwork, because: 'missing' })]
}
