import type { Desired } from '../model/desired.ts'
import type { StackletId } from '../model/names.ts'

/** What a person asks of one run beyond what git says. It is forgotten when the run ends. */
export interface Wish {
  /** The run is for these and what they need alone, and they may leave in any number. Null: for everything. */
  readonly only: readonly StackletId[] | null
  /** Stopped first, so that they start again. */
  readonly restart: readonly StackletId[]
  /** These run on_install_success once more. */
  readonly setUp: readonly StackletId[]
  /** When these are declared absent, their data, volumes and secrets go for good. */
  readonly purge: readonly StackletId[]
}

export const noWish: Wish = { only: null, restart: [], setUp: [], purge: [] }

/** Desired as this person wants it now: who names a stacklet wants it healed, whatever `self_heal` says. */
export function asWished(desired: Desired, { only, purge }: Wish): Desired {
  const pace = only === null ? desired.pace : { ...desired.pace, selfHeal: true }
  return { ...desired, pace, purge }
}
