import type { BuiltFrom, ComposeService } from '../../model/compose-project.ts'
import type { Desired, DesiredStacklet } from '../../model/desired.ts'
import { furtherLine, type LockedImage, pinnedReference } from '../../model/locked-image.ts'
import type { StackletId } from '../../model/names.ts'

/** A service that runs, or should, and one image of it: what an update is about. */
export interface RunningService {
  readonly stacklet: DesiredStacklet
  /** Of the line that locks it: the service's, or `web from node:20` for one more image that `web` is built from. */
  readonly name: string
  /** Then the image is what it is built from. */
  readonly isBuilt: boolean
  /** As its Compose file has it. */
  readonly image: string
  /** What it is locked to; null where no line of the lock speaks of this image. */
  readonly line: LockedImage | null
}

/**
 * The services of everything declared running or paused, by stacklet and name; null: of everybody. `bases` tells what those are
 * built from that are built here: those are the images which may be new.
 */
export function runningServices(
  desired: Desired,
  only: readonly StackletId[] | null,
  bases: ReadonlyMap<string, BuiltFrom>,
): readonly RunningService[] {
  return desired.stacklets
    .filter(({ id, state }) => (state === 'running' || state === 'paused') && (only?.includes(id) ?? true))
    .flatMap((stacklet) => servicesOf(stacklet, bases))
}

function servicesOf(stacklet: DesiredStacklet, bases: ReadonlyMap<string, BuiltFrom>): readonly RunningService[] {
  const services = stacklet.project?.services ?? []
  return services.flatMap((service) =>
    imagesOf(service, bases.get(`${stacklet.id} ${service.name}`)).map(([name, meant]) => {
      const line = stacklet.locked[name]
      const isBound = line !== undefined && [line.image, pinnedReference(line)].includes(meant)
      const image = isBound ? line.image : meant
      return { stacklet, name, isBuilt: service.isBuilt, image, line: isBound ? line : null }
    }),
  )
}

/** The images of a service, each under the name of its line. */
function imagesOf(
  { name, image, isBuilt }: ComposeService,
  from: BuiltFrom | undefined,
): readonly (readonly [string, string])[] {
  if (!isBuilt) return [[name, image]]
  const upon = from?.upon ?? null
  const others = (from?.others ?? []).map((one) => [furtherLine(name, one), one] as const)
  return upon === null ? others : [[name, upon], ...others]
}
