import type { Desired } from '../../model/desired.ts'
import { pinnedReference } from '../../model/locked-image.ts'
import type { BegunUpdate } from '../../model/update-notes.ts'
import type { UpdateReport } from '../../model/update-report.ts'
import { loadDesired } from '../load-desired.ts'
import type { UpdateRequests } from './apply-updates.ts'
import { finishUpdates } from './finish-updates.ts'
import { holding } from './holding.ts'
import { withoutBegun } from './put-back.ts'
import type { UpdateParts } from './update-parts.ts'

export type Rest = Pick<UpdateReport, 'revision' | 'notes' | 'failed'>
export const nothingLeft: Rest = { revision: null, notes: [], failed: false }

/** Updates of which nobody noted how they ended: the process was killed between the commit and the end of its run. */
export async function settleOpen(parts: UpdateParts, request: UpdateRequests, signal: AbortSignal): Promise<Rest> {
  if ((await parts.memory.read()).begun.length === 0) return nothingLeft
  return holding(parts, request, signal, async (run) => {
    const loaded = await loadDesired(parts.world, 'head', parts.home, signal)
    const { begun } = await parts.memory.read()
    const gone = begun.filter((one) => !isLocked(one, loaded.desired))
    await parts.memory.change((notes) => withoutBegun(notes, gone), signal)
    const open = begun.filter((one) => !gone.includes(one))
    const { notes, failed } = await finishUpdates(parts, loaded, open, run, signal)
    return { revision: null, notes, failed }
  })
}

/** Whether the lock says what was begun: the commit may never have been made, or have been taken back since. */
function isLocked({ stacklet, service, to }: BegunUpdate, { stacklets }: Desired): boolean {
  const line = stacklets.find(({ id }) => id === stacklet)?.locked[service]
  return line !== undefined && pinnedReference(line) === pinnedReference(to)
}
