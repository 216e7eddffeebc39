import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextWake, type Schedule } from '../../reconciler/lib/slots.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** What a zone does to the clock twice a year, or does not. Lord Howe moves by half an hour. */
const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC']
/** At 03:00, and at the times that clocks leap over or meet twice. */
const times = ['03:00', '02:30', '02:15', '00:00']

const scheduleAt = (time: string, timezone: string): Schedule => {
  const [hour, minute] = time.split(':').map(Number)
  return { name: 'nightly', line: `0 ${minute} ${hour} * * *`, timezone }
}

describe('a simulated year', () => {
  it.each(zones.flatMap((zone) => times.map((time) => [time, zone] as const)))(
    'runs once each day of the calendar, at %s in %s',
    (time, zone) => {
      const runs = liveAYear(scheduleAt(time, zone), () => ({ sleepMs: 0, leapMs: 0 }))

      const days = runs.map((atMs) => localTime(atMs, zone).slice(0, 10))
      expect(days).toEqual(calendar)
      const odd = runs.map((atMs) => localTime(atMs, zone)).filter((local) => local.slice(11, 16) !== time)
      expect(odd.filter((local) => !isLeptOver(time, local, zone))).toEqual([])
      expect(odd.length).toBeLessThanOrEqual(1)
    },
    20_000,
  )

  it('of sleep, downtime and a clock that leaps runs for no slot twice, and for the latest of those missed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...times),
        fc.array(fc.record({ sleepMs: fc.integer({ min: 0, max: 4 * dayMs }), leapMs: leaps }), { minLength: 1 }),
        (zone, time, absences) => {
          const slots: number[] = []
          const schedule = scheduleAt(time, zone)
          let turn = 0
          const mostMs = 30 * dayMs
          live(schedule, {
            mostMs,
            absence: () => absences[turn++ % absences.length] ?? none,
            onRun: (slot) => slots.push(slot),
          })

          expect(new Set(slots).size).toBe(slots.length)
          expect(slots).toEqual([...slots].sort((one, other) => one - other))
        },
      ),
      { numRuns: 20 },
    )
  })

  it('of downtime alone leaves no slot that came while it was up without its run', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.array(fc.integer({ min: 0, max: 3 * dayMs }), { minLength: 1, maxLength: 20 }),
        (zone, downtimes) => {
          const schedule = scheduleAt('03:00', zone)
          let turn = 0
          const runs: { readonly slot: number; readonly atMs: number }[] = []
          const absence = () => ({ sleepMs: downtimes[turn++ % downtimes.length] ?? 0, leapMs: 0 })
          live(schedule, { mostMs: 60 * dayMs, absence, onRun: (slot, atMs) => runs.push({ slot, atMs }) })

          // Whenever it looks, the slot before that moment has been run for.
          const late = runs.filter(({ slot, atMs }) => atMs - slot > 3 * dayMs + hourMs)
          expect(late).toEqual([])
          const gaps = runs.slice(1).map(({ slot }, index) => slot - (runs[index]?.slot ?? 0))
          expect(gaps.filter((gapMs) => gapMs > 4 * dayMs + 2 * hourMs)).toEqual([])
        },
      ),
      { numRuns: 20 },
    )
  })
})

describe('what is due', () => {
  const berlin = scheduleAt('03:00', 'Europe/Berlin')
  const at = (iso: string): number => Date.parse(iso)
  const due = (now: string, last: string) =>
    nextWake([berlin], () => at(last), { nowMs: at(now), longestMs: dayMs }).due.map(({ slotMs }) =>
      new Date(slotMs).toISOString(),
    )

  it.each([
    ['the slot itself', '2026-06-10T01:00:00Z', '2026-06-09T01:00:00Z', ['2026-06-10T01:00:00.000Z']],
    ['a moment before', '2026-06-10T00:59:59Z', '2026-06-09T01:00:00Z', []],
    ['what was missed for a week, once', '2026-06-17T12:00:00Z', '2026-06-09T01:00:00Z', ['2026-06-17T01:00:00.000Z']],
    ['nothing that was run for already', '2026-06-10T12:00:00Z', '2026-06-10T01:00:00Z', []],
    ['nothing again on a clock that was put back', '2026-06-10T00:30:00Z', '2026-06-10T01:00:00Z', []],
    ['nothing again a day before, by such a clock', '2026-06-09T02:00:00Z', '2026-06-10T01:00:00Z', []],
    ['as ever after a clock that was a year ahead', '2026-06-10T12:00:00Z', '2027-06-10T01:00:00Z', []],
  ])('is %s', (_, now, last, slots) => {
    expect(due(now, last)).toEqual(slots)
  })

  it('is asked again at the next slot, or before time could have leapt far', () => {
    const now = { nowMs: at('2026-06-10T00:59:30Z'), longestMs: 60_000 }

    expect(nextWake([berlin], () => now.nowMs, now).sleepMs).toBe(30_000)
    expect(nextWake([berlin], () => now.nowMs, { ...now, longestMs: 5_000 }).sleepMs).toBe(5_000)
    expect(nextWake([], () => 0, now)).toEqual({ due: [], sleepMs: 60_000 })
  })

  it('is each of several schedules by itself', () => {
    const updates = { ...scheduleAt('02:30', 'Asia/Kolkata'), name: 'updates' }
    const nowMs = at('2026-06-10T12:00:00Z')

    const { due: both } = nextWake([berlin, updates], () => nowMs - dayMs, { nowMs, longestMs: dayMs })

    expect(both.map(({ name }) => name)).toEqual(['nightly', 'updates'])
  })
})

const none = { sleepMs: 0, leapMs: 0 }
/** Mostly none; else an hour or a day, ahead or back. */
const leaps = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.constantFrom(hourMs, -hourMs, dayMs, -dayMs))

interface Life {
  readonly mostMs: number
  /** How long it is away after a look, and how far the clock was put ahead meanwhile. */
  readonly absence: () => { readonly sleepMs: number; readonly leapMs: number }
  readonly onRun: (slot: number, atMs: number) => void
}

function live(schedule: Schedule, { mostMs, absence, onRun }: Life): void {
  const startMs = Date.parse('2025-12-30T00:00:30Z')
  let [last, leapMs] = [startMs, 0]
  for (let passedMs = 0; passedMs < mostMs; ) {
    const nowMs = startMs + passedMs + leapMs
    const { due, sleepMs } = nextWake([schedule], () => last, { nowMs, longestMs: dayMs })
    for (const { slotMs } of due) {
      onRun(slotMs, nowMs)
      last = slotMs
    }
    const away = absence()
    passedMs += sleepMs + away.sleepMs
    leapMs += away.leapMs
  }
}

function liveAYear(schedule: Schedule, absence: Life['absence']): readonly number[] {
  const runs: number[] = []
  live(schedule, { mostMs: 370 * dayMs, absence, onRun: (_, atMs) => runs.push(atMs) })
  return runs.filter((atMs) => localTime(atMs, schedule.timezone).startsWith('2026'))
}

/** `2026-03-29 03:00`, as a clock on the wall there shows. */
function localTime(atMs: number, timeZone: string): string {
  return formatOf(timeZone).format(atMs)
}

const formats = new Map<string, Intl.DateTimeFormat>()
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  formats.set(timeZone, format)
  return format
}

const calendar = Array.from({ length: 365 }, (_, day) =>
  new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10),
)

/** Whether the wall clock there never showed that time on that day. */
function isLeptOver(time: string, local: string, zone: string): boolean {
  const day = local.slice(0, 10)
  const noon = Date.parse(`${day}T12:00:00Z`)
  for (let atMs = noon - 36 * hourMs; atMs < noon + 36 * hourMs; atMs += 5 * 60_000) {
    if (localTime(atMs, zone) === `${day} ${time}`) return false
  }
  return true
}
