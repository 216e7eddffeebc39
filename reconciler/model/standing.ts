import type { DesiredState } from './desired.ts'
import type { Digest, Revision, RunId, StackletId } from './names.ts'

/**
 * What this host found out or was told about one stacklet, and git does not say. It is a fact of the host like any other: a plan
 * is made from it. Each part counts only as long as git says what it said then.
 */
export interface Standing {
  readonly id: StackletId
  readonly hold: Hold | null
  readonly quarantine: Quarantine | null
  readonly failure: Failure | null
  /** What the daemon put right of late, oldest first: as far back as the limit reaches. */
  readonly heals: readonly Heal[]
  readonly flapping: Flapping | null
}

/** Left as it is, because a person wants it so. */
export interface Hold {
  /** hand: a container of it was stopped on the host. asked: `stack hold`. */
  readonly by: 'hand' | 'asked'
  readonly why: string
  readonly sinceMs: number
  /** Null: until it is released. */
  readonly untilMs: number | null
  /** What git said then: a hold by hand ends when it says something else. */
  readonly declared: Digest
  readonly state: DesiredState
}

/** A version that was applied and was not well. Until git says something else, the last good one runs in its place. */
export interface Quarantine {
  readonly declared: Digest
  readonly content: Digest
  /** The commit that brought it. */
  readonly revision: Revision | null
  readonly run: RunId
  readonly atMs: number
  /** Why it was not well. Holds no secret. */
  readonly message: string
  /** False until the last good version was found well again. */
  readonly isUndone: boolean
}

/** A version that could not be applied, with nothing to go back to or nothing touched yet: worth another try, later. */
export interface Failure {
  readonly declared: Digest
  readonly count: number
  readonly atMs: number
  readonly retryAtMs: number
  readonly message: string
}

/** One container that was put right for one reason: `web stopped`. */
export interface Heal {
  readonly what: string
  readonly atMs: number
}

/** Healed as often as it may be: left as it is until git says something else, a person does, or the nightly run. */
export interface Flapping {
  readonly declared: Digest
  readonly what: string
  readonly sinceMs: number
}

export function clearStanding(id: StackletId): Standing {
  return { id, hold: null, quarantine: null, failure: null, heals: [], flapping: null }
}

/** Whether there is anything to remember. */
export function isClear({ hold, quarantine, failure, heals, flapping }: Standing): boolean {
  return hold === null && quarantine === null && failure === null && heals.length === 0 && flapping === null
}
