import type { PastRun, PastStep } from '../model/history.ts'
import type { Revision, StackletId } from '../model/names.ts'
import type { StackletStatus } from '../model/status.ts'
import type { ReportedImage } from '../model/update-report.ts'
import { makePlan } from '../plan/make-plan.ts'
import { planFor } from '../plan/plan-for.ts'
import { type Note, type PlannedStep, stackletOf } from '../plan/step.ts'
import type { World } from '../ports/world.ts'
import { loadDesired } from './load-desired.ts'
import { pastRuns } from './past-runs.ts'
import { lookFor } from './preview.ts'
import { reportStatus } from './report-status.ts'

/** Why a stacklet is as it is: what it waits for, and what happened to it last. */
export interface Why {
  readonly status: StackletStatus
  readonly revision: Revision | null
  /** What keeps it from changing now: holds, quarantine, a wait, a failure. */
  readonly notes: readonly Note[]
  /** What a run would do to it now. */
  readonly pending: readonly PlannedStep[]
  /** The last run that changed it, and the last that failed with it where that is newer. Null: none that is remembered. */
  readonly changed: Occasion | null
  readonly failed: Occasion | null
  /** What the last look for updates told of its images, where there is something to tell. */
  readonly updates: readonly ReportedImage[]
}

export interface Occasion {
  readonly run: PastRun
  /** The steps of that run that were this stacklet's. */
  readonly steps: readonly PastStep[]
  /** The first line of the commit; null where git has none of it. */
  readonly subject: string | null
}

/** Reads only. Throws `STACK_UNKNOWN_STACKLET` for an id that is nowhere. */
export async function why(world: World, id: string, home: string, signal: AbortSignal): Promise<Why> {
  const loaded = await loadDesired(world, 'head', home, signal)
  const sight = await lookFor(world, loaded, [id], signal)
  const { desired, actual } = sight
  const { stacklets } = await reportStatus(world, desired, actual, signal)
  const known = (sight.only?.[0] ?? id) as StackletId
  const status = stacklets.find((one) => one.id === known)
  if (status === undefined) throw new Error(`${id} has no status`)
  const plan = planFor(sight, { yes: false })
  const waiting = makePlan({ ...desired, isUnattended: true }, actual)
  const notes = [...plan.notes, ...waiting.notes].filter((note) => note.stacklet === known)
  const runs = pastRuns(await world.records.events())
  const changed = await lastOf(runs, known, isChange, world, signal)
  const failed = await lastOf(runs, known, ({ result }) => result === 'failed', world, signal)
  const isNewer = failed !== null && (changed === null || failed.run.startedAt > changed.run.startedAt)
  return {
    status,
    revision: desired.revision,
    notes: notes.filter((note, index) => notes.findIndex(({ message }) => message === note.message) === index),
    pending: plan.steps.filter(({ step }) => stackletOf(step) === known),
    changed,
    failed: isNewer ? failed : null,
    updates: [],
  }
}

/** What only looks and notes is no change. */
function isChange({ result, kind }: PastStep): boolean {
  return result === 'done' && kind !== 'await-health' && kind !== 'finish-setup'
}

async function lastOf(
  runs: readonly PastRun[],
  id: StackletId,
  isMeant: (step: PastStep) => boolean,
  { source }: World,
  signal: AbortSignal,
): Promise<Occasion | null> {
  const run = runs.find(({ steps }) => steps.some((step) => step.stacklet === id && isMeant(step)))
  if (run === undefined) return null
  const { revision } = run
  const commit = revision === null ? null : await source.resolve(revision, signal).catch(() => null)
  const steps = run.steps.filter(({ stacklet }) => stacklet === id)
  return { run, steps, subject: commit?.message.split('\n')[0] ?? null }
}
