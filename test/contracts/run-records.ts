import { describe, expect, it } from 'vitest'

import type { RunEvent } from '../../reconciler/model/event.ts'
import type { RunId } from '../../reconciler/model/names.ts'
import type { LastRun } from '../../reconciler/model/status.ts'
import type { RunRecords } from '../../reconciler/ports/run-records.ts'

export function stepFinished(step: string, at: string): RunEvent {
  return { kind: 'step-finished', run: 'r1' as RunId, at, step, stacklet: null, because: 'missing', ms: 5 }
}

export const note: LastRun = {
  run: 'r1' as RunId,
  at: '2026-11-21T03:00:12.000Z',
  revision: null,
  outcome: 'converged',
  message: null,
  since: '2026-11-21T03:00:12.000Z',
}

/** What every RunRecords promises, whatever it keeps its records in. */
export function promisesOfRunRecords(make: () => RunRecords): void {
  describe('promises of RunRecords', () => {
    it('has no history before the first run', async () => {
      const records = make()

      expect(await records.events()).toEqual([])
      expect(await records.readLastRun()).toBeNull()
    })

    it('answers every event, oldest first, over months and years', async () => {
      const records = make()
      const events = ['2026-11-30T23:59:59Z', '2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z'].map((at) =>
        stepFinished(`start è\n${at}`, at),
      )

      for (const event of events) await records.append(event)

      expect(await records.events()).toEqual(events)
    })

    it('keeps the order of events that nobody waited for', async () => {
      const records = make()
      const events = Array.from({ length: 20 }, (_, n) => stepFinished(`step ${n}`, '2026-11-21T03:00:12Z'))

      await Promise.all(events.map((event) => records.append(event)))

      expect(await records.events()).toEqual(events)
    })

    it('remembers the last run, and only that', async () => {
      const records = make()
      await records.writeLastRun({ ...note, outcome: 'failed', message: 'first' })
      await records.writeLastRun(note)

      expect(await records.readLastRun()).toEqual(note)
      expect(await records.events()).toEqual([])
    })
  })
}
