import type { RunEvent } from '../model/event.ts'
import type { PastRun, PastStep, RunState } from '../model/history.ts'

/** The runs that a journal tells of, newest first. Each is as it was told; which of them counts now is worked out here. */
export function pastRuns(events: readonly RunEvent[]): readonly PastRun[] {
  const told = new Map<string, RunEvent[]>()
  for (const event of events) {
    const own = told.get(event.run)
    if (own === undefined) told.set(event.run, [event])
    else own.push(event)
  }
  const runs = [...told.values()].map(runOf).filter((run) => run !== null)
  return withStates(runs.sort((one, other) => (one.startedAt > other.startedAt ? -1 : 1)))
}

/** Null where only its middle is left: an older program, or a torn file. */
function runOf(events: readonly RunEvent[]): PastRun | null {
  const started = events.find((event) => event.kind === 'run-started')
  if (started === undefined) return null
  const ended = events.find((event) => event.kind === 'run-ended')
  return {
    run: started.run,
    startedAt: started.at,
    endedAt: ended?.at ?? null,
    revision: started.revision,
    trigger: started.trigger,
    outcome: ended?.outcome ?? 'failed',
    state: 'inactive',
    steps: stepsIn(events),
    contents: ended?.contents ?? {},
    ms: ended === undefined ? null : Date.parse(ended.at) - Date.parse(started.at),
    message: ended === undefined ? 'it did not end: it was killed, or is under way' : (ended.error?.message ?? null),
  }
}

type StepEvent = Extract<RunEvent, { readonly step: string }>

function stepsIn(events: readonly RunEvent[]): readonly PastStep[] {
  const begun: StepEvent[] = []
  const steps: PastStep[] = []
  for (const event of events) {
    if (event.kind === 'step-started') begun.push(event)
    const step = stepOf(event, begun)
    if (step !== null) steps.push(step)
  }
  return steps
}

function stepOf(event: RunEvent, begun: readonly StepEvent[]): PastStep | null {
  if (event.kind !== 'step-finished' && event.kind !== 'step-failed' && event.kind !== 'step-skipped') return null
  const start = begun.findLast((one) => one.step === event.step)
  return {
    id: event.step,
    kind: event.step.split(' ')[0] ?? '',
    stacklet: event.stacklet,
    because: event.because,
    result: results[event.kind],
    ms: event.kind === 'step-skipped' ? 0 : event.ms,
    error: event.kind === 'step-failed' ? event.error : null,
    waitedFor: event.kind === 'step-skipped' ? event.waitedFor : null,
    at: event.at,
    changes: start?.kind === 'step-started' ? (start.changes ?? []) : [],
    output: event.kind === 'step-finished' ? (event.output ?? []) : [],
  }
}

const results = { 'step-finished': 'done', 'step-failed': 'failed', 'step-skipped': 'skipped' } as const

/** One is active: the newest that came to be. */
function withStates(runs: readonly PastRun[]): readonly PastRun[] {
  let seen = 0
  return runs.map((run) => {
    if (run.outcome === 'failed' || run.outcome === 'stalled') return { ...run, state: 'failed' }
    seen += 1
    return { ...run, state: standing[seen - 1] ?? 'inactive' }
  })
}

const standing: readonly RunState[] = ['active', 'previous']

const longestMs = 90 * 86_400_000
const mostRuns = 10_000

/** Runs that the journal need not tell of any longer: old or many, and none that somebody may want to go back to. */
export function outlived(runs: readonly PastRun[], nowMs: number): ReadonlySet<string> {
  const gone = runs.filter(({ state, startedAt }, index) => {
    if (state === 'active' || state === 'previous') return false
    return index >= mostRuns || nowMs - Date.parse(startedAt) > longestMs
  })
  return new Set(gone.map(({ run }) => run))
}
