import type { RunEvent } from '../model/event.ts'
import type { LastRun } from '../model/status.ts'

/** History for people: the journal of runs that did something, and the note of the last run. Never an input to planning. */
export interface RunRecords {
  /** Appends one event to this month's journal and makes it durable before resolving. */
  append(event: RunEvent): Promise<void>
  /** The events of the journal, oldest first; unreadable lines are left out. Of older months than that of `since` none. */
  events(since?: string): Promise<readonly RunEvent[]>
  /** Takes these runs out of the journal; what else is in it stays as it is. */
  forget(runs: ReadonlySet<string>): Promise<void>
  readLastRun(): Promise<LastRun | null>
  writeLastRun(note: LastRun): Promise<void>
}
