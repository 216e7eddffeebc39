import type { Lock, LockedImage } from '../../model/locked-image.ts'
import type { Revision } from '../../model/names.ts'
import type { BegunUpdate } from '../../model/update-notes.ts'
import { type LockLine, withLines, withoutStale } from '../../plan/updates/next-lock.ts'
import { lockMessage, type Moved, updateMessage } from '../../plan/updates/update-message.ts'
import type { UpdateRun } from './apply-updates.ts'
import type { UpdateCheck } from './check-updates.ts'
import type { CheckedService } from './decided-service.ts'
import { byDigest } from './fetch-images.ts'
import { withoutBegun } from './put-back.ts'
import type { UpdateParts } from './update-parts.ts'
import { proposalBranch, type WrittenLock, writeLock } from './write-lock.ts'

export interface Commit {
  readonly begun: readonly BegunUpdate[]
  readonly revision: Revision | null
  readonly notes: readonly string[]
}

/** Locks what runs, where nothing locks it yet: so that to revert what comes next, or to start again, is to run that. */
export async function commitRunning(
  parts: UpdateParts,
  { services, desired, loaded, bases }: UpdateCheck,
  { onWait }: UpdateRun,
  signal: AbortSignal,
): Promise<WrittenLock> {
  const kept = services.filter((one) => one.running.line === null).flatMap(lineAsItRuns)
  const everyone = loaded.everyStacklet()
  const settle = (lock: Lock): Lock => withLines(withoutStale(lock, { ...desired, everyone, bases }), kept)
  return writeLock(parts, loaded, { edit: settle, message: lockMessage(kept), onWait }, signal)
}

/** Says that these are taken, in a commit that says nothing else; and notes it before, for whoever comes after us. */
export async function commitTaken(
  parts: UpdateParts,
  { loaded }: UpdateCheck,
  taken: readonly CheckedService[],
  { onWait }: UpdateRun,
  signal: AbortSignal,
): Promise<Commit> {
  const begun = taken.flatMap((one) => begunUpdate(one, parts.world.clock.nowMs()))
  if (begun.length === 0) return { begun, revision: null, notes: [] }
  const message = updateMessage(await movedBy(taken, parts, signal))
  const lines = begun.map(({ stacklet, service, to }) => ({ stacklet, service, line: to }))
  await parts.memory.change((notes) => ({ ...notes, begun: [...notes.begun, ...begun] }), signal)
  const edit = (lock: Lock): Lock => withLines(lock, lines)
  const { revision, notes, counts } = await writeLock(parts, loaded, { edit, message, onWait }, signal)
  if (counts) return { begun: begun.map((one) => ({ ...one, revision })), revision, notes }
  await parts.memory.change((before) => withoutBegun(before, begun), signal)
  const where = `the update waits in the branch ${proposalBranch}`
  return { begun: [], revision, notes: [...notes, where] }
}

function begunUpdate(
  { stacklet, service, image, current, decision }: CheckedService,
  atMs: number,
): readonly BegunUpdate[] {
  if (decision.kind !== 'update') return []
  const { tag, digest } = current
  const from = tag === null || digest === null ? null : { image, tag, digest }
  return [{ stacklet, service, from, to: { image, ...decision.to }, atMs, revision: null }]
}

/** What nothing new is taken for is locked to what it runs, so that every host runs that. */
function lineAsItRuns({
  stacklet,
  service,
  image,
  current,
}: CheckedService): readonly (LockLine & { readonly line: LockedImage })[] {
  const { tag, digest } = current
  return tag === null || digest === null ? [] : [{ stacklet, service, line: { image, tag, digest } }]
}

async function movedBy(
  taken: readonly CheckedService[],
  { world: { images } }: UpdateParts,
  signal: AbortSignal,
): Promise<readonly Moved[]> {
  const references = taken.flatMap((one) => sides(one))
  const stored = await images.describe([...new Set(references)], signal)
  return taken.flatMap((one) => {
    if (one.decision.kind !== 'update') return []
    const [before = '', after = ''] = sides(one)
    const from = { ...one.current, version: stored.get(before)?.version ?? null }
    const to = { ...one.decision.to, version: stored.get(after)?.version ?? null }
    return [{ stacklet: one.stacklet, service: one.service, from, to }]
  })
}

/** What ran, and what is to run, as the engine knows them. */
function sides({ image, current, decision }: CheckedService): readonly string[] {
  const after = decision.kind === 'update' ? decision.to.digest : ''
  return [byDigest(image, current.digest ?? ''), byDigest(image, after)]
}
