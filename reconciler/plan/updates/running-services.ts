import type { Desired, DesiredStacklet } from '../../model/desired.ts'
import { type LockedImage, pinnedReference } from '../../model/locked-image.ts'
import type { StackletId } from '../../model/names.ts'

/** A service that runs, or should: what an update is about. */
export interface RunningService {
  readonly stacklet: DesiredStacklet
  readonly name: string
  /** Then the image is what it is built upon. */
  readonly isBuilt: boolean
  /** As its Compose file has it. */
  readonly image: string
  /** What it is locked to; null where no line of the lock speaks of this image. */
  readonly line: LockedImage | null
}

/**
 * The services of everything declared running or paused, by stacklet and name; null: of everybody. `bases` tells what those are
 * built upon that are built here: that is the image which may be new.
 */
export function runningServices(
  desired: Desired,
  only: readonly StackletId[] | null,
  bases: ReadonlyMap<string, string>,
): readonly RunningService[] {
  return desired.stacklets
    .filter(({ id, state }) => (state === 'running' || state === 'paused') && (only?.includes(id) ?? true))
    .flatMap((stacklet) => servicesOf(stacklet, bases))
}

function servicesOf(stacklet: DesiredStacklet, bases: ReadonlyMap<string, string>): readonly RunningService[] {
  return (stacklet.project?.services ?? []).flatMap(({ name, image, isBuilt }) => {
    const meant = isBuilt ? bases.get(`${stacklet.id} ${name}`) : image
    if (meant === undefined) return []
    const line = stacklet.locked[name]
    const isBound = line !== undefined && [line.image, pinnedReference(line)].includes(meant)
    return [{ stacklet, name, isBuilt, image: isBound ? line.image : meant, line: isBound ? line : null }]
  })
}
