import { Cron } from 'croner'

/** Any instant will do: a line without a next run after it has none at all. */
const someInstant = new Date('2024-01-01T00:00:00Z')

/** What to do about a cron line that cannot be followed; null when it can. */
export function faultOfCron(text: string): string | null {
  if (text.trim().split(/\s+/).length > 6) return 'leave the year out'
  try {
    const next = new Cron(text, { timezone: 'UTC', paused: true }).nextRun(someInstant)
    return next === null ? 'there is no such day: choose one that comes' : null
  } catch (error) {
    return `correct it: ${error instanceof Error ? error.message : 'it cannot be read'}`
  }
}
