import type { LedgerEntry } from '../model/actual.ts'
import type { DesiredStacklet } from '../model/desired.ts'
import { type LockedImage, pinnedReference } from '../model/locked-image.ts'
import type { World } from '../ports/world.ts'

/**
 * The stacklet with those lines of the lock that its document has to carry. A container that was made from `web:1`, which means
 * the locked image here to this day, runs those bytes already: to write the digest beside the tag would make it anew for nothing.
 */
export async function withNeededPins(
  world: World,
  wanted: DesiredStacklet,
  entry: LedgerEntry | undefined,
  signal: AbortSignal,
): Promise<DesiredStacklet> {
  const lines = Object.entries(wanted.locked)
  const doubtful = lines.filter(([service, line]) => wasMadeUnpinned(service, line, entry))
  if (doubtful.length === 0) return wanted
  const images = doubtful.flatMap(([, line]) => [line.image, pinnedReference(line)])
  const look = await world.engine.look({ instance: null, projects: [], images: [...new Set(images)] }, signal)
  const isMeant = ({ image }: LockedImage, pinned: string): boolean => {
    const id = look.images.get(pinned)
    return id !== undefined && id === look.images.get(image)
  }
  const needless = new Set(doubtful.filter(([, line]) => isMeant(line, pinnedReference(line))).map(([name]) => name))
  return { ...wanted, locked: Object.fromEntries(lines.filter(([service]) => !needless.has(service))) }
}

function wasMadeUnpinned(service: string, { image }: LockedImage, entry: LedgerEntry | undefined): boolean {
  return entry?.project?.services.some((one) => one.name === service && one.image === image) ?? false
}
