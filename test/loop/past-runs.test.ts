import { describe, expect, it } from 'vitest'
import { outlived, pastRuns } from '../../reconciler/loop/past-runs.ts'
import type { RunEvent } from '../../reconciler/model/event.ts'
import type { Revision, RunId, StackletId } from '../../reconciler/model/names.ts'
import type { OutcomeKind } from '../../reconciler/model/status.ts'

const day = 86_400_000
const start = Date.parse('2026-01-01T00:00:00Z')
const revision = 'c0ffee10'.repeat(5) as Revision

/** The events of one run, that many days after the first; without an outcome it was killed. */
function told(name: string, days: number, outcome: OutcomeKind | null): readonly RunEvent[] {
  const at = new Date(start + days * day).toISOString()
  const common = { run: name as RunId, at }
  const step = { step: 'start a', stacklet: 'a' as StackletId, because: 'missing' }
  const begun: readonly RunEvent[] = [
    { ...common, kind: 'run-started', revision, trigger: 'push' },
    { ...common, kind: 'step-started', ...step, changes: ['web: missing'] },
    { ...common, kind: 'step-finished', ...step, ms: 5, output: ['ready'] },
  ]
  return outcome === null
    ? begun
    : [...begun, { ...common, kind: 'run-ended', revision, outcome, rounds: 1, error: null }]
}

const states = (events: readonly RunEvent[]) => pastRuns(events).map(({ run, state }) => `${run} ${state}`)

describe('history', () => {
  it('tells runs newest first, with what made a step necessary and what it said', () => {
    const [run] = pastRuns(told('one', 0, 'converged'))

    expect(run).toMatchObject({ run: 'one', trigger: 'push', outcome: 'converged', revision })
    expect(run?.steps).toMatchObject([
      { id: 'start a', kind: 'start', result: 'done', changes: ['web: missing'], output: ['ready'] },
    ])
  })

  it('calls the newest that came to be active, the one before previous, and older ones inactive', () => {
    const events = [0, 1, 2, 3].flatMap((days) => told(`run${days}`, days, 'converged'))

    expect(states(events)).toEqual(['run3 active', 'run2 previous', 'run1 inactive', 'run0 inactive'])
  })

  it('calls what failed, stalled or was killed failed, and what went before that active', () => {
    const events = [
      ...told('good', 0, 'converged'),
      ...told('failed', 1, 'failed'),
      ...told('stalled', 2, 'stalled'),
      ...told('killed', 3, null),
    ]

    expect(states(events)).toEqual(['killed failed', 'stalled failed', 'failed failed', 'good active'])
  })

  it('says of a run that was killed that it did not end', () => {
    expect(pastRuns(told('killed', 0, null))[0]).toMatchObject({ endedAt: null, outcome: 'failed' })
  })

  it('leaves out a run of which only the middle is left', () => {
    expect(pastRuns(told('torn', 0, 'converged').slice(1))).toEqual([])
  })
})

describe('what the journal may forget', () => {
  it('is older than ninety days and nothing that somebody may go back to', () => {
    const runs = pastRuns(
      [0, 1, 2, 200].flatMap((days) => told(`run${days}`, days, days === 2 ? 'failed' : 'converged')),
    )

    const gone = outlived(runs, start + 200 * day)

    expect([...gone].sort()).toEqual(['run0', 'run2'])
  })

  it('is more than ten thousand runs ago', () => {
    const events = Array.from({ length: 10_005 }, (_, index) =>
      told(`run${String(index).padStart(5, '0')}`, index / 1000, 'converged'),
    )

    const gone = outlived(pastRuns(events.flat()), start + 11 * day)

    expect([...gone].sort()).toEqual(['run00000', 'run00001', 'run00002', 'run00003', 'run00004'])
  })
})
