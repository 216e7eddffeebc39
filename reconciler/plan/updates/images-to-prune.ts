import type { Lock } from '../../model/locked-image.ts'
import type { UpdateNotes } from '../../model/update-notes.ts'

const dayMs = 86_400_000

export interface PruneCase {
  readonly notes: UpdateNotes
  readonly nowMs: number
  readonly keepDays: number
  /** What git and this host lock now. */
  readonly locks: readonly Lock[]
  /** Every image on the engine. */
  readonly images: readonly {
    readonly id: string
    readonly tags: readonly string[]
    readonly digests: readonly string[]
    readonly isUsed: boolean
  }[]
  /** Ids of images that somebody may go back to: those of the last good versions, and what was applied last. */
  readonly targets: ReadonlySet<string>
}

export interface Pruning {
  /** References to take away, the image with the last of them. */
  readonly remove: readonly string[]
  /** Notes of images that are gone, or go now. */
  readonly forget: readonly string[]
}

/** Which of the images that updates replaced have lain around for long enough. Images of anybody else are not looked at. */
export function imagesToPrune({ notes, nowMs, keepDays, locks, images, targets }: PruneCase): Pruning {
  const locked = new Set(
    locks.flatMap((lock) => Object.values(lock).flatMap(Object.values<{ digest: string }>)).map(({ digest }) => digest),
  )
  const old = notes.replaced.filter(({ reference, atMs }) => {
    return nowMs - atMs >= keepDays * dayMs && !locked.has(reference.split('@')[1] ?? '')
  })
  const judged = old.map(({ reference }) => ({
    reference,
    image: images.find(({ digests }) => digests.includes(reference)),
  }))
  const gone = judged.filter(({ image }) => image === undefined || (!image.isUsed && !targets.has(image.id)))
  return {
    remove: [...new Set(gone.flatMap(({ image }) => (image === undefined ? [] : [...image.tags, ...image.digests])))],
    forget: [...new Set(gone.map(({ reference }) => reference))],
  }
}
