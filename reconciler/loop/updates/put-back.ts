import type { Lock } from '../../model/locked-image.ts'
import type { StackletId } from '../../model/names.ts'
import type { BegunUpdate, Quarantined, UpdateNotes } from '../../model/update-notes.ts'
import { withLines } from '../../plan/updates/next-lock.ts'
import { withoutPutBack } from '../../plan/updates/reverts.ts'
import { putBackMessage } from '../../plan/updates/update-message.ts'
import type { Loaded } from '../load-desired.ts'
import { errorOf, type Outcome } from '../outcome.ts'
import { runFor, type UpdateRun } from './apply-updates.ts'
import { dropDataOf, restoreData } from './keep-data.ts'
import type { UpdateParts } from './update-parts.ts'
import { writeLock } from './write-lock.ts'

/** An update that went wrong. */
export interface Failed {
  readonly update: BegunUpdate
  readonly why: string
  /** Whether a container had been touched: then the digest is not tried again for this service. */
  readonly touched: boolean
}

/**
 * Undoes the updates of one stacklet: the digests are quarantined, a new commit puts the old lines back, and a run the old images.
 * Answers what a person should know.
 */
export async function putBack(
  parts: UpdateParts,
  loaded: Pick<Loaded, 'desired'>,
  { id, failed }: { readonly id: StackletId; readonly failed: readonly Failed[] },
  run: UpdateRun,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const nowMs = parts.world.clock.nowMs()
  const updates = failed.map(({ update }) => update)
  await parts.memory.change((notes) => withQuarantine(withoutPutBack(notes, updates), failed, nowMs), signal)
  const lines = failed.map(({ update }) => ({ stacklet: id, service: update.service, line: update.from }))
  const moved = failed.map(({ update: { service, from, to } }) => ({
    stacklet: id,
    service,
    from: { tag: from?.tag ?? null, digest: from?.digest ?? null, version: null },
    to: { tag: to.tag, digest: to.digest, version: null },
  }))
  const message = putBackMessage(moved, failed[0]?.why ?? 'it went wrong')
  if (failed.some(({ touched }) => touched)) await restoreData(parts, id, signal)
  const edit = { edit: (lock: Lock) => withLines(lock, lines), message, onWait: run.onWait }
  const { notes } = await writeLock(parts, loaded, edit, signal)
  const report = await runFor(parts, [id], 'stack update: put back', run, signal)
  const isBack = report.outcome.kind === 'converged'
  if (!isBack) return [...notes, `${id} is not well with its old image either: ${wordsOf(report.outcome)}`]
  await dropDataOf(parts, id, signal)
  await parts.memory.change((before) => withoutBegun(before, updates), signal)
  return notes
}

function wordsOf(outcome: Outcome): string {
  return errorOf(outcome)?.message ?? `the run ended ${outcome.kind}`
}

function withQuarantine(notes: UpdateNotes, failed: readonly Failed[], atMs: number): UpdateNotes {
  const bad = failed.filter(({ touched }) => touched)
  if (bad.length === 0) return notes
  const added = bad.map(({ update: { stacklet, service, to }, why }): Quarantined => {
    return { stacklet, service, digest: to.digest, why, atMs }
  })
  const others = notes.quarantine.filter((one) => !added.some((other) => isSame(one, other)))
  return { ...notes, quarantine: [...others, ...added] }
}

function isSame(one: Quarantined, other: Quarantined): boolean {
  return one.stacklet === other.stacklet && one.service === other.service && one.digest === other.digest
}

/** The notes without these: how they ended is known. */
export function withoutBegun(notes: UpdateNotes, ended: readonly BegunUpdate[]): UpdateNotes {
  const isEnded = (one: BegunUpdate): boolean =>
    ended.some((other) => other.stacklet === one.stacklet && other.service === one.service)
  const begun = notes.begun.filter((one) => !isEnded(one))
  return begun.length === notes.begun.length ? notes : { ...notes, begun }
}
