import type { Digest, Revision, RunId, StackletId } from './names.ts'
import type { OutcomeKind } from './status.ts'

/** What happens during a run, as it happens: journalled, rendered, logged. `at` is ISO 8601. Holds no secret. */
export type RunEvent =
  | Moment<'run-started', { readonly revision: Revision | null; readonly trigger: string }>
  | Moment<'step-started', StepMoment & { readonly changes?: readonly string[] }>
  | Moment<'step-progress', StepMoment & { readonly line: string }>
  | Moment<'step-finished', StepMoment & { readonly ms: number; readonly output?: readonly string[] }>
  | Moment<'step-failed', StepMoment & { readonly ms: number; readonly error: ReportedError }>
  | Moment<'step-skipped', StepMoment & { readonly waitedFor: string }>
  | Moment<
      'run-ended',
      {
        readonly revision: Revision | null
        readonly outcome: OutcomeKind
        readonly rounds: number
        readonly error: ReportedError | null
        /** What git said of each stacklet that a step was about. */
        readonly contents?: Readonly<Record<string, Digest>>
      }
    >

type Moment<Kind extends string, More> = { readonly kind: Kind; readonly run: RunId; readonly at: string } & More

export interface StepMoment {
  readonly step: string
  readonly stacklet: StackletId | null
  readonly because: string
}

/** An error as shown, stored and sent: what happened, what next, where. */
export interface ReportedError {
  readonly code: string
  readonly message: string
  readonly hint: string
  /** `desired/desired.toml:12:3`, null where no file is to blame. */
  readonly at: string | null
  readonly output: readonly string[]
}

/** What became of one planned step. */
export interface StepResult {
  readonly id: string
  readonly kind: string
  readonly stacklet: StackletId | null
  readonly because: string
  readonly result: 'done' | 'failed' | 'skipped'
  readonly ms: number
  readonly error: ReportedError | null
  /** For a skipped step: the one that failed before it. */
  readonly waitedFor: string | null
}
