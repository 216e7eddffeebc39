import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localTime } from '../../reconciler/lib/local-time.ts'
import { isOpen, nextOpening, parseWindow, type Window } from '../../reconciler/lib/window.ts'

const berlin = 'Europe/Berlin'
const at = (text: string): number => Date.parse(text)

function windowOf(text: string): Window {
  const window = parseWindow(text)
  if (window === null) throw new Error(`${text} is no window`)
  return window
}

describe('a window', () => {
  it.each([
    ['03:00-05:00', [0, 1, 2, 3, 4, 5, 6], 180, 300],
    ['Sat,Sun 03:00-05:00', [0, 6], 180, 300],
    ['mon-fri 9:00-17:30', [1, 2, 3, 4, 5], 540, 1050],
    ['Fri-Mon 22:00-02:00', [0, 1, 5, 6], 1320, 120],
    ['Sun 00:00-24:00', [0], 0, 1440],
  ])('reads %s', (text, days, from, to) => {
    expect(parseWindow(text)).toEqual({ days, from, to })
  })

  it.each([
    '',
    'Sat',
    '3-5',
    '03:00',
    'Sat,Foo 03:00-05:00',
    '03:00-03:00',
    '25:00-26:00',
    '03:60-05:00',
    '24:00-01:00',
  ])('refuses %j', (text) => {
    expect(parseWindow(text)).toBe(null)
  })

  it.each([
    // A Saturday, in summer two hours ahead of UTC.
    ['Sat,Sun 03:00-05:00', '2026-07-04T01:00:00Z', true],
    ['Sat,Sun 03:00-05:00', '2026-07-04T00:59:59Z', false],
    ['Sat,Sun 03:00-05:00', '2026-07-04T03:00:00Z', false],
    ['Sat,Sun 03:00-05:00', '2026-07-03T01:30:00Z', false],
    // The same on the wall in winter.
    ['Sat,Sun 03:00-05:00', '2026-01-03T02:00:00Z', true],
    // Past midnight it belongs to the day on which it opened.
    ['Fri 22:00-02:00', '2026-07-03T23:30:00Z', true],
    ['Fri 22:00-02:00', '2026-07-02T23:30:00Z', false],
    // The night in which the clock is put back: 02:30 comes twice, and both are inside.
    ['Sun 02:00-03:00', '2026-10-25T00:30:00Z', true],
    ['Sun 02:00-03:00', '2026-10-25T01:30:00Z', true],
    // The night in which it leaps from 02:00 to 03:00.
    ['Sun 02:00-03:00', '2026-03-29T01:00:00Z', false],
  ])('%s at %s: %s', (text, now, open) => {
    expect(isOpen(windowOf(text), at(now), berlin)).toBe(open)
  })

  it.each([
    ['Sat 03:00-05:00', '2026-07-01T12:00:00Z', '2026-07-04T01:00:00.000Z'],
    ['03:00-05:00', '2026-07-01T00:30:00Z', '2026-07-01T01:00:00.000Z'],
    ['03:00-05:00', '2026-07-01T01:00:00Z', '2026-07-02T01:00:00.000Z'],
    // The Sunday on which its hour does not come is left out.
    ['Sun 02:00-03:00', '2026-03-28T12:00:00Z', '2026-04-05T00:00:00.000Z'],
    ['Sun 02:30-03:30', '2026-10-24T12:00:00Z', '2026-10-25T00:30:00.000Z'],
  ])('%s after %s opens at %s', (text, now, opens) => {
    expect(new Date(nextOpening(windowOf(text), at(now), berlin) ?? 0).toISOString()).toBe(opens)
  })

  it('opens next at an instant at which it is open, and a minute before which it is not', () => {
    const zones = fc.constantFrom(berlin, 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC')
    const minute = fc.integer({ min: 0, max: 1439 })
    const instant = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') })
    fc.assert(
      fc.property(
        zones,
        minute,
        minute,
        instant,
        fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }),
        (zone, from, to, now, days) => {
          fc.pre(from !== to)
          const window = { days, from, to }
          const opens = nextOpening(window, now, zone)

          if (opens === null) return
          expect(opens).toBeGreaterThan(now)
          expect(isOpen(window, opens, zone)).toBe(true)
          expect(localTime(opens, zone).minutes).toBe(from)
        },
      ),
      { numRuns: 300, seed: 7 },
    )
  })
})
