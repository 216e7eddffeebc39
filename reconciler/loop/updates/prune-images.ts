import type { Desired } from '../../model/desired.ts'
import type { StackletId } from '../../model/names.ts'
import { imagesToPrune } from '../../plan/updates/images-to-prune.ts'
import type { UpdateParts } from './update-parts.ts'

/** Takes away what updates replaced more than `[updates] keep` days ago, unless it is locked, used, or somebody may go back to it. */
export async function pruneImages(parts: UpdateParts, desired: Desired, signal: AbortSignal): Promise<void> {
  const { world, memory } = parts
  const notes = await memory.read()
  if (notes.replaced.length === 0) return
  const { entries } = await world.ledger.read()
  const ids = [...new Set([...desired.stacklets.map(({ id }) => id), ...Object.keys(entries)])] as StackletId[]
  const good = await Promise.all(ids.map((id) => world.good.read(id)))
  const applied = Object.values(entries).flatMap(({ images }) => Object.values(images))
  const kept = good.flatMap((version) => Object.values(version?.images ?? {}))
  const { remove, forget } = imagesToPrune({
    notes,
    nowMs: world.clock.nowMs(),
    keepDays: desired.settings.updates.keepDays,
    locks: [Object.fromEntries(desired.stacklets.map(({ id, locked }) => [id, locked]))],
    images: await world.images.list(signal),
    targets: new Set([...applied, ...kept]),
  })
  for (const reference of remove) await world.images.remove(reference, signal)
  if (forget.length === 0) return
  const isLeft = ({ reference }: { readonly reference: string }): boolean => !forget.includes(reference)
  await memory.change((before) => ({ ...before, replaced: before.replaced.filter(isLeft) }), signal)
}
