import type { Desired } from '../../model/desired.ts'
import type { StackletId } from '../../model/names.ts'
import { errorAndRemedy } from '../report-error.ts'
import { runFor, type UpdateRun } from './apply-updates.ts'
import type { Fetched } from './fetch-images.ts'
import { saveData } from './keep-data.ts'
import type { UpdateParts } from './update-parts.ts'

/**
 * Copies the data of every stacklet that wants that before it is updated, and leaves it stopped. One whose data cannot be copied
 * is started again as it was: its images are not taken.
 */
export async function saveBefore(
  parts: UpdateParts,
  desired: Desired,
  fetched: readonly Fetched[],
  run: UpdateRun,
  signal: AbortSignal,
): Promise<readonly Fetched[]> {
  const failures = new Map<StackletId, string>()
  for (const id of whoWantsCopies(fetched)) {
    const wanted = desired.stacklets.find((one) => one.id === id)
    if (wanted === undefined) continue
    try {
      await saveData(parts, wanted, desired.settings.core.dataDir, signal)
    } catch (thrown) {
      signal.throwIfAborted()
      failures.set(id, errorAndRemedy(thrown))
    }
  }
  if (failures.size > 0) await runFor(parts, [...failures.keys()], 'stack update: start again', run, signal)
  return fetched.map((one) => ({ ...one, failure: one.failure ?? failures.get(one.service.stacklet) ?? null }))
}

/** What was stopped for a copy runs again as it did, where it does not come to an update. */
export async function startAgain(
  parts: UpdateParts,
  fetched: readonly Fetched[],
  run: UpdateRun,
  signal: AbortSignal,
): Promise<void> {
  const ids = [...whoWantsCopies(fetched)]
  if (ids.length > 0) await runFor(parts, ids, 'stack update: start again', run, signal)
}

function whoWantsCopies(fetched: readonly Fetched[]): ReadonlySet<StackletId> {
  const wanting = fetched.filter(({ service, failure }) => failure === null && service.policy.snapshot)
  return new Set(wanting.map(({ service }) => service.stacklet))
}
