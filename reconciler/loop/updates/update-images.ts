import type { LockedImage } from '../../model/locked-image.ts'
import type { Revision } from '../../model/names.ts'
import type { BegunUpdate } from '../../model/update-notes.ts'
import type { ReportedImage, UpdateReport } from '../../model/update-report.ts'
import { type LockLine, withLines, withoutStale } from '../../plan/updates/next-lock.ts'
import { reportedImage } from '../../plan/updates/report-images.ts'
import { lockMessage, type Moved, updateMessage } from '../../plan/updates/update-message.ts'
import { loadDesired } from '../load-desired.ts'
import type { UpdateRun } from './apply-updates.ts'
import { type CheckedService, checkUpdates, type UpdateCheck } from './check-updates.ts'
import { byDigest, type Fetched, fetchImages } from './fetch-images.ts'
import { type Became, finishUpdates } from './finish-updates.ts'
import type { UpdateParts } from './update-parts.ts'
import { writeLock } from './write-lock.ts'

export interface UpdateRequest extends UpdateRun {
  /** Empty: everything that runs. */
  readonly ids: readonly string[]
  /** Only says what there is. */
  readonly isCheck: boolean
}

/**
 * Takes what is new and allowed: pulls it, says so in one commit that touches only the lock, and runs that. What does not get
 * healthy is put back and not tried again. What an earlier update left open is settled first.
 */
export async function updateImages(
  parts: UpdateParts,
  request: UpdateRequest,
  signal: AbortSignal,
): Promise<UpdateReport> {
  const left = request.isCheck ? nothingLeft : await settleOpen(parts, request, signal)
  const check = await checkUpdates(parts, request.ids, signal)
  if (request.isCheck) return reportOf(check, check.services.map(reportedImage), left)
  const chosen = check.services.filter(({ decision }) => decision.kind === 'update')
  const fetched = await fetchImages(parts, chosen, signal)
  const taken = fetched.filter(({ failure }) => failure === null).map(({ service }) => service)
  const { begun, revision, notes } = await commitLock(parts, check, taken, request, signal)
  const ends = await finishUpdates(parts, check.loaded, begun, request, signal)
  const images = check.services.map((one) => becameOf(one, fetched, ends.became))
  return reportOf(check, images, { revision, notes: [...left.notes, ...notes, ...ends.notes], failed: ends.failed })
}

type Rest = Pick<UpdateReport, 'revision' | 'notes' | 'failed'>
const nothingLeft: Rest = { revision: null, notes: [], failed: false }

function reportOf({ checkedAtMs }: UpdateCheck, images: readonly ReportedImage[], rest: Rest): UpdateReport {
  return { checkedAt: new Date(checkedAtMs).toISOString(), images, ...rest }
}

/** Updates of which nobody noted how they ended: the process was killed between the commit and the end of its run. */
async function settleOpen(parts: UpdateParts, request: UpdateRequest, signal: AbortSignal): Promise<Rest> {
  const { begun } = await parts.memory.read()
  if (begun.length === 0) return nothingLeft
  const loaded = await loadDesired(parts.world, 'head', parts.home, signal)
  const { notes, failed } = await finishUpdates(parts, loaded, begun, request, signal)
  return { revision: null, notes, failed }
}

interface Commit {
  readonly begun: readonly BegunUpdate[]
  readonly revision: Revision | null
  readonly notes: readonly string[]
}

/** First what runs, where nothing locks it yet, then what is new: so that to revert the second commit is to go back to the first. */
async function commitLock(
  parts: UpdateParts,
  { services, desired, loaded }: UpdateCheck,
  taken: readonly CheckedService[],
  { onWait }: UpdateRequest,
  signal: AbortSignal,
): Promise<Commit> {
  const kept = services.filter((one) => one.running.line === null).flatMap(lineAsItRuns)
  const everyone = loaded.everyStacklet()
  const base = await writeLock(
    parts,
    loaded,
    { edit: (lock) => withLines(withoutStale(lock, desired, everyone), kept), message: lockMessage(kept) },
    onWait,
    signal,
  )
  const begun = taken.flatMap((one) => begunUpdate(one, parts.world.clock.nowMs()))
  if (begun.length === 0) return { begun, revision: base.revision, notes: base.notes }
  const message = updateMessage(await movedBy(taken, parts, signal))
  const lines = begun.map(({ stacklet, service, to }) => ({ stacklet, service, line: to }))
  await parts.memory.change((notes) => ({ ...notes, begun: [...notes.begun, ...begun] }), signal)
  const { revision, notes } = await writeLock(
    parts,
    loaded,
    { edit: (lock) => withLines(lock, lines), message },
    onWait,
    signal,
  )
  return { begun: begun.map((one) => ({ ...one, revision })), revision, notes }
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

function becameOf(one: CheckedService, fetched: readonly Fetched[], ends: readonly Became[]): ReportedImage {
  const told = reportedImage(one)
  const failure = fetched.find(({ service }) => service === one)?.failure ?? null
  if (failure !== null) return { ...told, decision: 'failed', because: failure }
  const end = ends.find(({ stacklet, service }) => stacklet === one.stacklet && service === one.service)
  return end === undefined ? told : { ...told, decision: end.decision, because: end.because }
}
