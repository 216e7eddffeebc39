import type { DesiredState } from '../../model/desired.ts'
import type { StackletId } from '../../model/names.ts'
import { leavingEntry } from '../ledger-entry.ts'
import type { StepContext } from '../run-context.ts'

/** What git said when this was done, so that a later word of git's is told from drift; or what a person asked for. */
export async function noteState(
  id: StackletId,
  { world, desired }: StepContext,
  asked: DesiredState | null = null,
): Promise<void> {
  const entry = (await world.ledger.read()).entries[id]
  const state = asked ?? desired.stacklets.find((one) => one.id === id)?.state ?? 'stopped'
  if (entry !== undefined && entry.state !== state) await world.ledger.write({ ...entry, state })
}

/** What labels alone tell of is forgotten with its containers: this keeps it known until its data has left as well. */
export async function noteLeaving(id: StackletId, { world, actual }: StepContext): Promise<void> {
  const { entries } = await world.ledger.read()
  if (entries[id] === undefined) await world.ledger.write(leavingEntry(id, actual.engine, world.clock.nowMs()))
}
