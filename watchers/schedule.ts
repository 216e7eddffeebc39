import { type Clock, nextWake, type Schedule } from '../reconciler/index.ts'

export interface ScheduleWatch {
  /** Lines that can be followed: the settings are checked when they are read. */
  readonly schedules: readonly Schedule[]
  readonly clock: Clock
  readonly request: (why: { readonly reason: 'schedule'; readonly name: string; readonly slot: string }) => void
  /** What `noteSlot` was last given for it, in whatever process; null at the very first. ISO 8601. */
  readonly lastSlot: (name: string) => Promise<string | null>
  /** Keeps it. Called before the request: a process that dies between the two has missed a slot, none has run for one twice. */
  readonly noteSlot: (name: string, slot: string) => Promise<void>
}

/** How late we are at most after a clock that was put ahead, or a machine that slept. */
const longestMs = 60_000

/** Asks for what is due by the clock, until cancelled. What was missed is caught up with once. */
export async function watchSchedule(watch: ScheduleWatch, signal: AbortSignal): Promise<void> {
  const last = await firstSlots(watch)
  while (!signal.aborted) {
    const now = { nowMs: watch.clock.nowMs(), longestMs }
    const { due, sleepMs } = nextWake(watch.schedules, (name) => last.get(name) ?? now.nowMs, now)
    for (const { name, slotMs } of due) {
      last.set(name, slotMs)
      const slot = new Date(slotMs).toISOString()
      await watch.noteSlot(name, slot)
      watch.request({ reason: 'schedule', name, slot })
    }
    await watch.clock.sleep(sleepMs, signal).catch(() => {})
  }
}

/** A schedule that is new has missed nothing: it counts from now on. */
async function firstSlots({ schedules, clock, lastSlot, noteSlot }: ScheduleWatch): Promise<Map<string, number>> {
  const last = new Map<string, number>()
  for (const { name } of schedules) {
    const noted = Date.parse((await lastSlot(name)) ?? '')
    last.set(name, Number.isNaN(noted) ? clock.nowMs() : noted)
    if (Number.isNaN(noted)) await noteSlot(name, new Date(clock.nowMs()).toISOString())
  }
  return last
}
