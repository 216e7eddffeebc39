import type { Digest, Revision, StackletId } from './names.ts'

/** A plan as a person read it, with all that it rests on. It is executed as it is or not at all. Holds no secret. */
export interface SealedPlan {
  readonly host: string
  /** Whose plan it is, as a digest: the id is the key under which inputs are noted. Null before the first run of an instance. */
  readonly instance: Digest | null
  readonly revision: Revision
  /** The stacklets that were asked for; null: all. */
  readonly only: readonly StackletId[] | null
  readonly steps: readonly SealedStep[]
  /** The stacklets of the steps and what these require, by id. */
  readonly stacklets: Readonly<Record<string, SealedStacklet>>
  /** Their containers, and what stands where one of theirs would, by name. */
  readonly containers: Readonly<Record<string, SealedContainer>>
}

/** One step, as `plan --json` prints it. */
export interface SealedStep {
  readonly id: string
  readonly kind: string
  readonly stacklet: string | null
  readonly because: string
  readonly risk: 'safe' | 'disrupts' | 'destroys-data'
  readonly after: readonly string[]
  readonly changes: readonly SealedChange[]
  readonly digest: string
}

export interface SealedChange {
  readonly field: string
  readonly want: string | null
  readonly got: string | null
  readonly cause: string
}

export interface SealedStacklet {
  /** Path to content, of every file that git has of it. */
  readonly files: Readonly<Record<string, string>>
  /** Name to digest, under a key that only this host has: a weak value cannot be guessed from the file. */
  readonly inputs: Readonly<Record<string, string>>
  /** What was applied to it last, in one digest; null: nothing. */
  readonly applied: string | null
}

export interface SealedContainer {
  readonly id: string
  readonly state: string
  readonly startedAtMs: number
  /** How often its own policy had restarted it. */
  readonly restarts: number
}
