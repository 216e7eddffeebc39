import type { InTurn } from '../lib/in-turn.ts'
import type { Actual } from '../model/actual.ts'
import type { Desired, DesiredStacklet } from '../model/desired.ts'
import type { RunEvent } from '../model/event.ts'
import type { RunId, StackletId } from '../model/names.ts'
import type { Secret } from '../model/secret.ts'
import type { Wish } from '../plan/wish.ts'
import type { World } from '../ports/world.ts'
import type { Routing } from './change-routes.ts'
import { type Loaded, readHostValues } from './load-desired.ts'
import type { StuckStarts } from './stuck-starts.ts'

/** What one run carries from step to step. */
export interface RunContext {
  readonly world: World
  readonly loaded: Loaded
  /** This host's id, on the label of everything we start. */
  readonly instance: string
  readonly run: RunId
  /** True when a person sits at a terminal and a hook may ask. */
  readonly isInteractive: boolean
  /** What a person asked of this run beyond what git says. */
  readonly wish: Wish
  /** True when nobody asked for this run. */
  readonly isUnattended: boolean
  /** Stacklets that somebody may be stopping at this moment: nothing is done to them. */
  readonly leftAlone: () => readonly StackletId[]
  /** Aborted when a newer commit is there: what is under way ends, nothing begins, and health is waited for no more. */
  readonly superseded: AbortSignal
  /**
   * What each stacklet was rendered to when its containers were last made or started in this run, and what Compose made them from;
   * `as before` where it made none.
   */
  readonly applied: Map<
    StackletId,
    { readonly wanted: DesiredStacklet; readonly document: Secret | null | 'as before' }
  >
  /** What the starts of this run met, for the looks that follow. */
  readonly stuck: StuckStarts
  /** For a note that several steps read and write again: one of them at a time. */
  readonly noting: InTurn
  /** Changes what the proxy serves, for all steps that wish it at one time at once. */
  readonly routing: Routing
  /** Tells whoever watches, and the journal. */
  readonly report: (event: RunEvent) => Promise<void>
}

/** What a handler gets beside its step: the run, and the look that the plan was made from. */
export interface StepContext extends RunContext {
  readonly desired: Desired
  readonly actual: Actual
  readonly signal: AbortSignal
  /** One line of progress of this step. */
  readonly say: (line: string) => void
}

/** A declared stacklet of the plan in hand. */
function wantedOf(context: StepContext, id: StackletId): DesiredStacklet {
  const wanted = context.desired.stacklets.find((one) => one.id === id)
  if (wanted === undefined) throw new Error(`a step names ${id}, which is not declared`)
  return wanted
}

/** The same stacklet rendered with the secrets as they are now: earlier steps of this run may have made some. */
export async function renderedNow(context: StepContext, id: StackletId): Promise<DesiredStacklet> {
  if (wantedOf(context, id).rolledBack !== null) return wantedOf(context, id)
  const fresh = context.loaded.renderedWith(await readHostValues(context.world))
  const wanted = fresh.stacklets.find((one) => one.id === id)
  return { ...(wanted ?? wantedOf(context, id)), project: wantedOf(context, id).project }
}
