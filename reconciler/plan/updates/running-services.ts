import type { Desired, DesiredStacklet } from '../../model/desired.ts'
import { type LockedImage, pinnedReference } from '../../model/locked-image.ts'
import type { StackletId } from '../../model/names.ts'

/** A service that runs, or should: what an update is about. */
export interface RunningService {
  readonly stacklet: DesiredStacklet
  readonly name: string
  /** As its Compose file has it. */
  readonly image: string
  /** What it is locked to; null where no line of the lock speaks of this image. */
  readonly line: LockedImage | null
}

/** The services of everything declared running or paused, by stacklet and name; null: of everybody. What is built here has no image elsewhere. */
export function runningServices(desired: Desired, only: readonly StackletId[] | null): readonly RunningService[] {
  return desired.stacklets
    .filter(({ id, state }) => (state === 'running' || state === 'paused') && (only?.includes(id) ?? true))
    .flatMap((stacklet) => servicesOf(stacklet))
}

function servicesOf(stacklet: DesiredStacklet): readonly RunningService[] {
  const pulled = (stacklet.project?.services ?? []).filter(({ isBuilt }) => !isBuilt)
  return pulled.map(({ name, image }) => {
    const line = stacklet.locked[name]
    const isBound = line !== undefined && [line.image, pinnedReference(line)].includes(image)
    return { stacklet, name, image: isBound ? line.image : image, line: isBound ? line : null }
  })
}
