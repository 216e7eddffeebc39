import type { World } from '../ports/world.ts'
import { outlived, pastRuns } from './past-runs.ts'

/** Once a night: what nobody can want to know or go back to any more. */
export async function trimJournal({ records, clock }: Pick<World, 'records' | 'clock'>): Promise<void> {
  await records.forget(outlived(pastRuns(await records.events()), clock.nowMs()))
}
