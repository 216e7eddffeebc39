import type { RunEvent } from '../model/event.ts'
import type { Digest, StackletId } from '../model/names.ts'
import type { LastingNote, LastRun } from '../model/status.ts'
import { neededBy } from '../plan/only-for.ts'
import { settledStandings } from '../plan/settled-standings.ts'
import type { HostMemory } from '../ports/host.ts'
import type { World } from '../ports/world.ts'
import { event } from './apply.ts'
import type { Converged } from './converge.ts'
import { errorOf, kindOf, type RunReport } from './outcome.ts'
import { remember } from './remember.ts'
import { reportError } from './report-error.ts'

/** Writes down how a run ended. The only writer of status: `.stack/last-run`, the journal's end, what was last converged. */
export async function settle(
  world: World,
  report: RunReport,
  converged: Converged | null,
  only: readonly StackletId[] | null = null,
): Promise<void> {
  const outcome = kindOf(report.outcome)
  const error = errorOf(report.outcome)
  if (report.steps.length > 0) {
    const { revision, rounds } = report
    const end = {
      kind: 'run-ended',
      revision,
      outcome,
      rounds,
      error: error === null ? null : reportError(error),
      contents: contentsOf(report, converged),
    } as const
    await world.records.append(event({ world, run: report.run }, end) satisfies RunEvent)
  }
  await world.records.writeLastRun(await noteOf(world, report, converged?.others ?? []))
  if (converged === null) return
  await settleStandings(world, converged)
  if (outcome === 'converged') await rememberConverged(world, converged, only)
}

function contentsOf({ steps }: RunReport, converged: Converged | null): Readonly<Record<string, Digest>> {
  const touched = new Set(steps.map(({ stacklet }) => stacklet))
  const wanted = (converged?.desired.stacklets ?? []).filter(({ id }) => touched.has(id))
  return Object.fromEntries(wanted.map(({ id, content }) => [id, content]))
}

async function settleStandings(world: World, { desired, actual }: Converged): Promise<void> {
  if (actual === null) return
  await remember(world, (standings) => settledStandings(desired, { ...actual, standings }))
}

/** A run for some stacklets says nothing good of the others. */
async function noteOf(world: World, report: RunReport, others: readonly StackletId[]): Promise<LastRun> {
  const before = await world.records.readLastRun()
  const at = new Date(world.clock.nowMs()).toISOString()
  const isPartial = report.outcome.kind === 'converged' && others.length > 0
  const outcome = isPartial ? 'waiting' : kindOf(report.outcome)
  const since = before?.outcome === outcome ? before.since : at
  return {
    run: report.run,
    at,
    revision: report.revision,
    outcome,
    message: isPartial ? `${others.join(', ')}: not as declared; stack plan says why` : messageOf(report),
    since,
    notes: lastingNotes(report, before?.notes ?? [], at),
  }
}

/** What was told before and still is has been so since then. A run that did not ask knows nothing new. */
function lastingNotes({ followed }: RunReport, before: readonly LastingNote[], at: string): readonly LastingNote[] {
  if (followed === null) return before
  return followed.map(({ message, hint }) => {
    const since = before.find((one) => one.message === message)?.since ?? at
    return { message, hint, since }
  })
}

function messageOf(report: RunReport): string | null {
  return errorOf(report.outcome)?.message ?? null
}

/** What must not leave in numbers: every stacklet that has something on this host. A run for some leaves the others as they were. */
async function rememberConverged(
  world: World,
  { desired }: Converged,
  only: readonly StackletId[] | null,
): Promise<void> {
  const there = desired.stacklets.filter((one) => one.state !== 'absent').map((one) => one.id)
  const seen = only === null ? null : neededBy(only, desired)
  const edit = (memory: HostMemory): HostMemory => {
    const kept = seen === null ? [] : memory.converged.filter((id) => !seen.has(id))
    const ids = [...there.filter((id) => seen?.has(id) ?? true), ...kept].sort()
    // What was approved is done: the same mistake again is a new question.
    const approvals = only === null ? [] : memory.approvals
    const isSame = ids.join() === memory.converged.join() && approvals.length === memory.approvals.length
    return isSame ? memory : { ...memory, approvals, converged: ids }
  }
  // A run that changes nothing touches nothing, not even a lock.
  const memory = await world.host.memory()
  if (edit(memory) !== memory) await world.host.remember(edit)
}
