import { instantOf, localTime } from './local-time.ts'

/** Hours of some days in which something may happen: `Sat,Sun 03:00-05:00`. */
export interface Window {
  /** 0 is Sunday; the days on which it opens. */
  readonly days: readonly number[]
  /** Minutes since midnight. */
  readonly from: number
  /** The first minute outside; past midnight where it is not after `from`. */
  readonly to: number
}

const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const everyDay = [0, 1, 2, 3, 4, 5, 6]
const dayMinutes = 24 * 60
/** A week, and the days that a change of the clock may swallow. */
const daysAhead = 15

/** Null for what is no window. Days are names, ranges of them or nothing for every day; hours are of 24. */
export function parseWindow(text: string): Window | null {
  const [, days = '', hours = ''] = /^(?:([A-Za-z,-]+)\s+)?(\d\d?:\d\d-\d\d?:\d\d)$/.exec(text.trim()) ?? []
  const found = days === '' ? everyDay : daysIn(days)
  const [from = null, to = null] = hours.split('-').map(minutesIn)
  if (found === null || from === null || to === null || from === to || from === dayMinutes) return null
  return { days: found, from, to }
}

function daysIn(text: string): readonly number[] | null {
  const days = text.split(',').map((piece) => {
    const [first = -1, last = first, ...more] = piece.split('-').map((name) => names.indexOf(name.toLowerCase()))
    if (first < 0 || last < 0 || more.length > 0) return []
    return everyDay.map((step) => (first + step) % 7).slice(0, ((last - first + 7) % 7) + 1)
  })
  return days.some((some) => some.length === 0) ? null : [...new Set(days.flat())].sort()
}

function minutesIn(text: string): number | null {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  const total = hours * 60 + minutes
  return minutes < 60 && total <= dayMinutes ? total : null
}

/** Whether the clock on the wall shows a time inside. A window past midnight belongs to the day on which it opened. */
export function isOpen({ days, from, to }: Window, nowMs: number, timeZone: string): boolean {
  const { weekday, minutes } = localTime(nowMs, timeZone)
  if (from < to) return days.includes(weekday) && minutes >= from && minutes < to
  const isLate = minutes >= from && days.includes(weekday)
  return isLate || (minutes < to && days.includes((weekday + 6) % 7))
}

/** When it opens next; null when it never does: its hour may be one that the clock leaps over on its only day. */
export function nextOpening(window: Window, nowMs: number, timeZone: string): number | null {
  const today = localTime(nowMs, timeZone)
  for (let ahead = 0; ahead <= daysAhead; ahead += 1) {
    const noon = new Date(Date.UTC(today.year, today.month - 1, today.day + ahead))
    const day = { year: noon.getUTCFullYear(), month: noon.getUTCMonth() + 1, day: noon.getUTCDate() }
    if (!window.days.includes(noon.getUTCDay())) continue
    const opens = instantOf(day, window.from, timeZone)
    if (opens > nowMs && isOpen(window, opens, timeZone)) return opens
  }
  return null
}
