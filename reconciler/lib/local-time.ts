/** What a clock on the wall shows. */
export interface LocalTime {
  readonly year: number
  /** From 1. */
  readonly month: number
  readonly day: number
  /** 0 is Sunday. */
  readonly weekday: number
  /** Since midnight. */
  readonly minutes: number
}

const minuteMs = 60_000
const formats = new Map<string, Intl.DateTimeFormat>()

export function localTime(nowMs: number, timeZone: string): LocalTime {
  const parts = formatFor(timeZone).formatToParts(nowMs)
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value)
  const [year, month, day] = [part('year'), part('month'), part('day')]
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay()
  return { year, month, day, weekday, minutes: (part('hour') % 24) * 60 + part('minute') }
}

/** Making a format costs a hundred times what using it does. */
function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const
  const format = new Intl.DateTimeFormat('en-US-u-ca-gregory', { timeZone, hourCycle: 'h23', ...fields })
  formats.set(timeZone, format)
  return format
}

/**
 * The instant at which the clock shows this many minutes past the midnight of a day; the first of two. Where the clock leaps
 * over that time, the answer shows another one.
 */
export function instantOf(day: Pick<LocalTime, 'year' | 'month' | 'day'>, minutes: number, timeZone: string): number {
  const asUtc = Date.UTC(day.year, day.month - 1, day.day) + minutes * minuteMs
  const candidates = [asUtc - 24 * 60 * minuteMs, asUtc + 24 * 60 * minuteMs].map(
    (near) => asUtc - offsetMs(near, timeZone),
  )
  const exact = candidates.filter((ms) => ms + offsetMs(ms, timeZone) === asUtc)
  return Math.min(...(exact.length > 0 ? exact : candidates))
}

/** How far the clock on the wall is ahead of UTC. */
function offsetMs(ms: number, timeZone: string): number {
  const { year, month, day, minutes } = localTime(ms, timeZone)
  return Date.UTC(year, month - 1, day) + minutes * minuteMs - Math.floor(ms / minuteMs) * minuteMs
}
