import type { StepResult } from './event.ts'
import type { Digest, Revision, RunId } from './names.ts'
import type { OutcomeKind } from './status.ts'

/** One run that did something, as the journal tells it. */
export interface PastRun {
  readonly run: RunId
  readonly startedAt: string
  /** Null for one that was killed. */
  readonly endedAt: string | null
  readonly revision: Revision | null
  readonly trigger: string
  readonly outcome: OutcomeKind
  readonly state: RunState
  readonly steps: readonly PastStep[]
  /** What git said of each stacklet that a step was about; equal digests mean that nothing was new. */
  readonly contents: Readonly<Record<string, Digest>>
  /** Null for one that did not end. */
  readonly ms: number | null
  /** Why it ended as it did; null where all was well. */
  readonly message: string | null
}

/** active: what this host is now. previous: what it was before. inactive: older. failed: never came to be. */
export type RunState = 'active' | 'previous' | 'inactive' | 'failed'

export interface PastStep extends StepResult {
  readonly at: string
  /** What differed, a line each: `docker-compose.yml: commit 1a2b3c4`. */
  readonly changes: readonly string[]
  /** What a hook said last. */
  readonly output: readonly string[]
}
