import type { Revision } from '../../model/names.ts'
import type { ReportedImage, UpdateReport } from '../../model/update-report.ts'
import { reportedImage } from '../../plan/updates/report-images.ts'
import { loadDesired } from '../load-desired.ts'
import type { UpdateRequests, UpdateRun } from './apply-updates.ts'
import { type CheckRequest, checkUpdates, type UpdateCheck } from './check-updates.ts'
import { commitRunning, commitTaken } from './commit-updates.ts'
import type { CheckedService } from './decided-service.ts'
import { type Fetched, fetchImages } from './fetch-images.ts'
import { type Became, type Finished, finishUpdates } from './finish-updates.ts'
import { holding } from './holding.ts'
import { forgetOldData } from './keep-data.ts'
import { pruneImages } from './prune-images.ts'
import { saveBefore, startAgain } from './save-before.ts'
import { nothingLeft, type Rest, settleOpen } from './settle-open.ts'
import type { UpdateParts } from './update-parts.ts'

export interface UpdateRequest extends UpdateRequests, CheckRequest {
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
  if (!request.isCheck) await forgetOldData(parts, signal)
  const left = request.isCheck ? nothingLeft : await settleOpen(parts, request, signal)
  const check = await checkUpdates(parts, request, signal)
  if (request.isCheck) return told(parts, reportOf(check, check.services.map(reportedImage), left), signal)
  const chosen = check.services.filter(({ decision }) => decision.kind === 'update')
  const fetched = await fetchImages(parts, chosen, signal)
  const done = await holding(parts, request, signal, (run) => takeFetched(parts, check, fetched, run, signal))
  const images = check.services.map((one) => becameOf(one, done.fetched, done.became))
  return told(parts, reportOf(check, images, { ...done, notes: [...left.notes, ...done.notes] }), signal)
}

/** Remembers what was told, for `stack status` and `stack why`; of those that nobody asked about, what was told before. */
async function told({ memory }: UpdateParts, report: UpdateReport, signal: AbortSignal): Promise<UpdateReport> {
  const { images } = report
  const isNew = (id: string): boolean => images.some(({ stacklet }) => stacklet === id)
  await memory.change(
    (notes) => ({ ...notes, told: [...notes.told.filter((one) => !isNew(one.stacklet)), ...images] }),
    signal,
  )
  return report
}

interface Taken extends Finished {
  readonly fetched: readonly Fetched[]
  readonly revision: Revision | null
}

async function takeFetched(
  parts: UpdateParts,
  check: UpdateCheck,
  pulled: readonly Fetched[],
  run: UpdateRun,
  signal: AbortSignal,
): Promise<Taken> {
  const base = await commitRunning(parts, check, run, signal)
  const isProposal = check.desired.settings.updates.write === 'branch'
  const fetched = isProposal ? pulled : await saveBefore(parts, check.desired, pulled, run, signal)
  const taken = fetched.filter(({ failure }) => failure === null).map(({ service }) => service)
  const commit = await commitTaken(parts, check, taken, run, signal).catch(async (thrown) => {
    await startAgain(parts, isProposal ? [] : fetched, run, signal)
    throw thrown
  })
  const finished = await finishUpdates(parts, check.loaded, commit.begun, run, signal)
  await pruneImages(parts, (await loadDesired(parts.world, 'head', parts.home, signal)).desired, signal)
  const notes = [...new Set([...base.notes, ...commit.notes, ...finished.notes])]
  return { ...finished, fetched, revision: commit.revision ?? base.revision, notes }
}

function reportOf({ checkedAtMs }: UpdateCheck, images: readonly ReportedImage[], rest: Rest): UpdateReport {
  return { checkedAt: new Date(checkedAtMs).toISOString(), images, ...rest }
}

function becameOf(one: CheckedService, fetched: readonly Fetched[], ends: readonly Became[]): ReportedImage {
  const told = reportedImage(one)
  const failure = fetched.find(({ service }) => service === one)?.failure ?? null
  if (failure !== null) return { ...told, decision: 'failed', because: failure }
  const end = ends.find(({ stacklet, service }) => stacklet === one.stacklet && service === one.service)
  return end === undefined ? told : { ...told, decision: end.decision, because: end.because }
}
