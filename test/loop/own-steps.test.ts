import { describe, expect, it } from 'vitest'
import { ownSteps } from '../../reconciler/loop/own-steps.ts'
import type { RunEvent } from '../../reconciler/model/event.ts'
import type { RunId, StackletId } from '../../reconciler/model/names.ts'

const a = 'a' as StackletId
const startMs = Date.parse('2026-01-01T00:00:00Z')
const at = (ms: number): string => new Date(startMs + ms).toISOString()
const moment = (step: string) => ({ run: 'run' as RunId, step, stacklet: a, because: 'stopped' })

function told(step: string, fromMs: number, toMs: number | null): readonly RunEvent[] {
  const begun: RunEvent = { kind: 'step-started', at: at(fromMs), ...moment(step) }
  return toMs === null ? [begun] : [begun, { kind: 'step-finished', at: at(toMs), ...moment(step), ms: toMs - fromMs }]
}

type Row = readonly [name: string, events: readonly RunEvent[], atMs: number, wasOurs: boolean]

describe('what a container did', () => {
  it.each<Row>([
    ['while we replaced it was our doing', told('replace a', 0, 5_000), 2_000, true],
    ['a moment after was, too: news take their time', told('replace a', 0, 5_000), 5_100, true],
    ['some time after was not', told('replace a', 0, 5_000), 6_000, false],
    ['before was not', told('replace a', 2_000, 5_000), 1_000, false],
    ['while a step goes on was our doing', told('stop a', 0, null), 60_000, true],
    ['long after a step that never ended was not', told('stop a', 0, null), 3_600_000, false],
    ['while we waited for its health was not', told('await-health a', 0, 5_000), 2_000, false],
  ])('%s', (_, events, atMs, wasOurs) => {
    const own = ownSteps()
    for (const event of events) own.note(event)

    expect(own.wasOurs(a, startMs + atMs)).toBe(wasOurs)
    expect(own.wasOurs('b' as StackletId, startMs + atMs)).toBe(false)
  })
})
