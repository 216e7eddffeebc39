import { describe, expect, it } from 'vitest'
import { type Ended, nextRunMs } from '../../reconciler/loop/next-run.ts'
import { StackError } from '../../reconciler/model/errors.ts'
import type { Digest, StackletId } from '../../reconciler/model/names.ts'
import { clearStanding, type Standing } from '../../reconciler/model/standing.ts'

const nowMs = 1_000_000
const failed = { kind: 'failed', error: new StackError('STACK_ENGINE_UNREACHABLE', 'x', { hint: 'y' }) } as const
const standing = (parts: Partial<Standing>): Standing => ({ ...clearStanding('a' as StackletId), ...parts })
const declared = '' as Digest
const failure = (retryAtMs: number) => standing({ failure: { declared, count: 1, atMs: 0, retryAtMs, message: 'x' } })
const heal = (atMs: number) => standing({ heals: [{ what: 'a-web-1 stopped', atMs }] })
const hold = (untilMs: number | null) =>
  standing({ hold: { by: 'hand', why: 'x', sinceMs: 0, untilMs, declared, state: 'running' } })

type Row = readonly [name: string, ended: Partial<Ended>, dueInMs: number | null]

describe('the next run', () => {
  it.each<Row>([
    ['is due with news alone when all is well', {}, null],
    ['is due when a hold ends', { standings: [hold(nowMs + 60_000)] }, 60_000],
    ['is not due for a hold without an end', { standings: [hold(null)] }, null],
    ['is due when a stacklet is tried again', { outcome: failed, standings: [failure(nowMs + 9_000)] }, 9_000],
    [
      'is due for whoever is first',
      { outcome: failed, standings: [failure(nowMs + 9_000), hold(nowMs + 4_000)] },
      4_000,
    ],
    ['is due when something may be put right again', { outcome: failed, standings: [heal(nowMs - 400)] }, 600],
    ['is not due for what was put right', { standings: [heal(nowMs)] }, null],
    ['is due soon when the host as a whole is in trouble', { outcome: failed, failures: 1 }, 2_000],
    ['is due later each time', { outcome: failed, failures: 5 }, 32_000],
    ['is due within five minutes, however long the trouble lasts', { outcome: failed, failures: 99 }, 300_000],
    ['is due when one could not even begin', { outcome: null, failures: 1 }, 2_000],
    ['is not due for what only an edit can help', { outcome: { kind: 'stalled', error: failed.error } }, null],
  ])('%s', (_, ended, dueInMs) => {
    const due = nextRunMs({ outcome: { kind: 'converged' }, standings: [], nowMs, failures: 0, ...ended })

    expect(due === null ? null : due - nowMs).toBe(dueInMs)
  })
})
