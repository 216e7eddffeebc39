import type { BegunUpdate } from '../../model/update-notes.ts'
import type { ReportedImage } from '../../model/update-report.ts'
import { withTaken } from '../../plan/updates/reverts.ts'
import type { Loaded } from '../load-desired.ts'
import { applyUpdates, type UpdateEnd, type UpdateRun } from './apply-updates.ts'
import { byDigest } from './fetch-images.ts'
import { type Failed, putBack, withoutBegun } from './put-back.ts'
import type { UpdateParts } from './update-parts.ts'

/** What became of one service. */
export type Became = Pick<ReportedImage, 'stacklet' | 'service' | 'decision' | 'because'>

export interface Finished {
  readonly became: readonly Became[]
  readonly notes: readonly string[]
  /** Whether something was put back, or could not be. */
  readonly failed: boolean
}

/** Runs what was begun, and puts back each stacklet that is not well with it. */
export async function finishUpdates(
  parts: UpdateParts,
  loaded: Pick<Loaded, 'desired'>,
  begun: readonly BegunUpdate[],
  run: UpdateRun,
  signal: AbortSignal,
): Promise<Finished> {
  if (begun.length === 0) return { became: [], notes: [], failed: false }
  const ends = [...(await applyUpdates(parts, begun, run, signal))]
  const well = ends.filter(([, end]) => end.kind === 'well').map(([update]) => update)
  await parts.memory.change((notes) => withTaken(withoutBegun(notes, well), well), signal)
  await noteReplaced(parts, ends, signal)
  const notes: string[] = []
  const failed = ends.flatMap(([update, end]) => (end.kind === 'bad' ? [{ update, ...end }] : []))
  for (const [id, some] of byStacklet(failed)) {
    notes.push(...(await putBack(parts, loaded, { id, failed: some }, run, signal)))
  }
  return { became: ends.map(becameOf), notes, failed: failed.length > 0 }
}

/** What ran until now, and what was tried in vain. */
async function noteReplaced(
  { world, memory }: UpdateParts,
  ends: readonly (readonly [BegunUpdate, UpdateEnd])[],
  signal: AbortSignal,
): Promise<void> {
  const atMs = world.clock.nowMs()
  const over = ends.flatMap(([{ from, to }, end]) => {
    if (end.kind === 'open') return []
    return end.kind === 'bad' ? [to] : (from ?? [])
  })
  const replaced = over.map(({ image, digest }) => ({ reference: byDigest(image, digest), atMs }))
  if (replaced.length === 0) return
  await memory.change((notes) => ({ ...notes, replaced: [...notes.replaced, ...replaced] }), signal)
}

function byStacklet(failed: readonly Failed[]): ReadonlyMap<BegunUpdate['stacklet'], readonly Failed[]> {
  const ids = [...new Set(failed.map(({ update }) => update.stacklet))]
  return new Map(ids.map((id) => [id, failed.filter(({ update }) => update.stacklet === id)]))
}

function becameOf([{ stacklet, service }, end]: readonly [BegunUpdate, UpdateEnd]): Became {
  switch (end.kind) {
    case 'well':
      return { stacklet, service, decision: 'updated', because: 'it is healthy with it' }
    case 'bad':
      return { stacklet, service, decision: 'put-back', because: end.why }
    case 'open':
      return { stacklet, service, decision: 'waiting', because: end.why }
  }
}
