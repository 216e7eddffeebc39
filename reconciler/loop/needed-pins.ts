import type { LedgerEntry } from '../model/actual.ts'
import type { DesiredStacklet } from '../model/desired.ts'
import { type LockedImage, pinnedReference } from '../model/locked-image.ts'
import type { World } from '../ports/world.ts'

type Ledger = Readonly<Record<string, LedgerEntry>>

/**
 * These stacklets with those lines of the lock that their documents have to carry. A container that was made from `web:1`, which
 * means the locked image here to this day, runs those bytes already: to write the digest beside the tag would make it anew for
 * nothing. One look for all of them, and none where there is no such container.
 */
export async function withNeededPins(
  world: World,
  stacklets: readonly DesiredStacklet[],
  ledger: Ledger,
  signal: AbortSignal,
): Promise<readonly DesiredStacklet[]> {
  const doubtful = stacklets.flatMap((wanted) =>
    linesOf(wanted).filter((line) => wasMadeUnpinned(line, wanted, ledger)),
  )
  if (doubtful.length === 0) return stacklets
  const asked = doubtful.flatMap(([, line]) => [line.image, pinnedReference(line)])
  const { images } = await world.engine.look({ instance: null, projects: [], images: [...new Set(asked)] }, signal)
  const isMeant = ([, line]: Line): boolean => {
    const id = images.get(pinnedReference(line))
    return id !== undefined && id === images.get(line.image)
  }
  return stacklets.map((wanted) => {
    const needed = linesOf(wanted).filter((line) => !wasMadeUnpinned(line, wanted, ledger) || !isMeant(line))
    return { ...wanted, locked: Object.fromEntries(needed) }
  })
}

/** Whether the document of last time no longer does, though nothing was declared: what a tag meant then is gone, or another image. */
export function hasLostPins(needed: DesiredStacklet, ledger: Ledger): boolean {
  return linesOf(needed).some((line) => wasMadeUnpinned(line, needed, ledger))
}

type Line = readonly [service: string, line: LockedImage]

function linesOf({ locked }: DesiredStacklet): readonly Line[] {
  return Object.entries(locked)
}

function wasMadeUnpinned([service, { image }]: Line, { id }: DesiredStacklet, ledger: Ledger): boolean {
  return ledger[id]?.project?.services.some((one) => one.name === service && one.image === image) ?? false
}
