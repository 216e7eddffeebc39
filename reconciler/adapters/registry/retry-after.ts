const longestMs = 24 * 3_600_000
/** What a registry means that says "too many" and not for how long. */
const unsaidMs = 60_000

/** When to ask again after 429: seconds, or a date; never further ahead than a day. */
export function retryAfter(header: string | null, nowMs: number): number {
  const text = header?.trim() ?? ''
  const seconds = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs
  return nowMs + Math.min(Math.max(Number.isNaN(seconds) ? unsaidMs : seconds, 0), longestMs)
}
