import { expect, it, onTestFinished } from 'vitest'
import { watchInterval } from '../../watchers/interval.ts'
import { watchSchedule } from '../../watchers/schedule.ts'
import { type ManualClock, manualClock } from '../support/manual-clock.ts'

const hourMs = 3_600_000
const nightly = { name: 'nightly', line: '0 0 3 * * *', timezone: 'Europe/Berlin' }
const updates = { name: 'updates', line: '0 30 4 * * *', timezone: 'Europe/Berlin' }

it('asks when it is time, and notes it first', async () => {
  const { clock, happened } = watching('2026-06-10T00:30:00Z')

  await clock.advance(3 * hourMs)

  expect(happened).toEqual([
    'note nightly 2026-06-10T00:30:00.000Z',
    'note updates 2026-06-10T00:30:00.000Z',
    'note nightly 2026-06-10T01:00:00.000Z',
    'run nightly 2026-06-10T01:00:00.000Z at 2026-06-10T01:00:00.000Z',
    'note updates 2026-06-10T02:30:00.000Z',
    'run updates 2026-06-10T02:30:00.000Z at 2026-06-10T02:30:00.000Z',
  ])
})

it('catches up once with what a daemon that was down has missed, and another daemon never again', async () => {
  const kept = new Map([
    ['nightly', '2026-06-01T01:00:00.000Z'],
    ['updates', '2026-06-10T02:30:00.000Z'],
  ])
  const first = watching('2026-06-10T12:00:00Z', kept)
  await first.clock.advance(hourMs)
  await first.end()

  const second = watching('2026-06-10T13:00:00Z', kept)
  await second.clock.advance(hourMs)

  expect(first.runs()).toEqual(['run nightly 2026-06-10T01:00:00.000Z at 2026-06-10T12:00:00.000Z'])
  expect(second.runs()).toEqual([])
})

it('notices within a minute that the clock leapt over its time, and is not led astray when it is put back', async () => {
  const { clock, runs } = watching('2026-06-10T00:30:00Z')
  await clock.advance(1_000)

  clock.jump(hourMs)
  await clock.advance(60_000)
  const leapt = runs().length
  clock.jump(-hourMs)
  await clock.advance(hourMs)

  expect([leapt, runs().length]).toEqual([1, 1])
})

it('asks in its interval, a tenth less or more', async () => {
  const asked: number[] = []
  const draws = [0, 0.5, 0.999]
  const clock = manualClock(0, () => draws[asked.length % 3] ?? 0)
  const cancel = new AbortController()
  const ended = watchInterval({ intervalMs: 100_000, clock, request: () => asked.push(clock.nowMs()) }, cancel.signal)

  await clock.advance(300_000)
  cancel.abort()
  await ended

  expect(asked.map(Math.round)).toEqual([90_000, 190_000, 299_980])
})

function watching(now: string, kept = new Map<string, string>()) {
  const clock: ManualClock = manualClock(Date.parse(now))
  const happened: string[] = []
  const cancel = new AbortController()
  const ended = watchSchedule(
    {
      schedules: [nightly, updates],
      clock,
      lastSlot: async (name) => kept.get(name) ?? null,
      noteSlot: async (name, slot) => {
        kept.set(name, slot)
        happened.push(`note ${name} ${slot}`)
      },
      request: ({ name, slot }) => happened.push(`run ${name} ${slot} at ${new Date(clock.nowMs()).toISOString()}`),
    },
    cancel.signal,
  )
  const end = async (): Promise<void> => {
    cancel.abort()
    await ended
  }
  onTestFinished(end)
  return { clock, happened, end, runs: () => happened.filter((line) => line.startsWith('run')) }
}
