import { Cron } from 'croner'

/** A cron line, and the time zone it is meant in. */
export interface Schedule {
  readonly name: string
  readonly line: string
  readonly timezone: string
}

export interface Wake {
  /** What is due, with the moment it was due at. However many were missed, each schedule is due once. */
  readonly due: readonly { readonly name: string; readonly slotMs: number }[]
  /** When to ask again. */
  readonly sleepMs: number
}

/** A clock that is this far behind the last slot was wrong then, or is now; less than that, the slot is simply done. */
const longestLeadMs = 25 * 3_600_000

/**
 * Which schedules are due, given the last slot that each ran for (or the moment at which it was first seen). A slot is run for once,
 * whatever becomes of the clock: one that is put back does not bring it again, one that leaps ahead makes it late.
 */
export function nextWake(schedules: readonly Schedule[], lastMs: LastSlots, now: Now): Wake {
  const due = schedules.flatMap((schedule) => {
    const slotMs = slotAt(schedule, now.nowMs)
    return slotMs !== null && slotMs > sane(lastMs(schedule.name), now.nowMs) ? [{ name: schedule.name, slotMs }] : []
  })
  const waits = schedules.map((schedule) => nextSlot(schedule, now.nowMs) - now.nowMs)
  return { due, sleepMs: Math.min(now.longestMs, ...waits) }
}

export type LastSlots = (name: string) => number

export interface Now {
  readonly nowMs: number
  /** Time may leap while we sleep: how long to trust it. */
  readonly longestMs: number
}

/** A last slot in the far future is a leftover of a clock that was wrong: from now on, then. */
function sane(lastMs: number, nowMs: number): number {
  return lastMs - nowMs > longestLeadMs ? nowMs : lastMs
}

function slotAt(schedule: Schedule, nowMs: number): number | null {
  // What begins at the very moment that it is given is not before it.
  return (
    cron(schedule)
      .previousRuns(1, new Date(nowMs + 1))[0]
      ?.getTime() ?? null
  )
}

/** Infinity when it never comes again. */
function nextSlot(schedule: Schedule, nowMs: number): number {
  return cron(schedule).nextRun(new Date(nowMs))?.getTime() ?? Number.POSITIVE_INFINITY
}

function cron({ line, timezone }: Schedule): Cron {
  return new Cron(line, { timezone, paused: true })
}
