import { isComparable } from '../plan/drift.ts'
import { containersOf } from '../plan/ownership.ts'
import type { World } from '../ports/world.ts'
import type { Converged } from './converge.ts'
import { seenOf } from './ledger-entry.ts'

/**
 * After a run that found nothing to do, what another engine reports is taken for what was applied: the same containers, in
 * other words. From then on drift is seen again.
 */
export async function rebaseLedger(world: World, { actual, desired }: Converged): Promise<void> {
  if (actual === null) return
  const declared = new Set(desired.stacklets.map(({ id }) => id))
  const { entries } = await world.ledger.read()
  for (const entry of Object.values(entries)) {
    if (isComparable(entry, actual) || !declared.has(entry.id)) continue
    await world.ledger.write({ ...entry, ...seenOf(entry.project, actual, containersOf(entry.id, actual)) })
  }
}
