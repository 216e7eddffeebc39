import type { Actual, ObservedContainer } from '../model/actual.ts'
import { isComparable } from './drift.ts'
import { driftWords, hasChanged, type Situation } from './situation.ts'

/**
 * The one container that has merely exited where nothing else of its stacklet differs from what was applied: the engine can start it as it
 * is. Null where Compose has to: it knows what starts after what, and makes what is missing.
 */
export function startsAgain(situation: Situation, actual: Actual): ObservedContainer | null {
  const { wanted, entry, containers, stopped } = situation
  const [one, ...more] = stopped
  if (entry === null || one?.state !== 'exited' || more.length > 0) return null
  if (wanted.rolledBack !== null || hasChanged(situation) || !isComparable(entry, actual)) return null
  const isAllThatDiffers = driftWords(situation).length === 1 && wanted.state === 'running'
  const areOthersWell = containers.every((other) => other === one || isWell(other))
  return isAllThatDiffers && areOthersWell && hasNetworks(situation, actual) && !isStuck(situation, actual) ? one : null
}

/** A dependency that is still starting is waited for, and a job is done again before what needs it: Compose does both. */
function isWell({ state, health }: ObservedContainer): boolean {
  return state === 'running' && (health === 'none' || health === 'healthy')
}

function hasNetworks({ wanted }: Situation, { networks }: Actual): boolean {
  return wanted.project?.networks.every(({ name }) => networks.has(name)) === true
}

function isStuck({ wanted }: Situation, { stuck }: Actual): boolean {
  return (stuck[wanted.id] ?? 0) > 0
}
