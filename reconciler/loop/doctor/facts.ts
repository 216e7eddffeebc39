import type { LedgerEntry } from '../../model/actual.ts'
import type { Desired } from '../../model/desired.ts'
import type { StackError } from '../../model/errors.ts'
import type { ComposeAnswer, EngineAnswer } from '../../ports/docker-probe.ts'
import type { InstanceLook } from '../../ports/instance-probe.ts'
import type { Listener, Programs, Room } from '../../ports/machine.ts'
import type { PrivateEngineLook } from '../../ports/private-engine.ts'
import type { RepositoryCondition } from '../../ports/repository-probe.ts'

/** Everything that the checks are about, looked at once. Whatever could not be found out is null. */
export interface Facts {
  readonly nowMs: number
  readonly programs: Programs
  readonly engine: EngineAnswer
  readonly compose: ComposeAnswer
  readonly privateEngine: PrivateEngineLook
  readonly listeners: readonly Listener[]
  /** Of the instance, its data and the engine's. */
  readonly rooms: readonly Room[]
  readonly place: PlaceFacts
}

export type PlaceFacts =
  | { readonly kind: 'none'; readonly problem: StackError }
  | ({ readonly kind: 'instance' } & InstanceFacts)

export interface InstanceFacts {
  /** Absolute. */
  readonly folder: string
  /** What the work tree says; null where that could not be read at all, as `problem` says. */
  readonly desired: Desired | null
  readonly problem: StackError | null
  /** This instance's random id; null before the first run. */
  readonly instance: string | null
  readonly ledger: Readonly<Record<string, LedgerEntry>>
  readonly brokenLedger: readonly string[]
  readonly look: InstanceLook
  readonly repository: RepositoryCondition
  readonly lastRunAtMs: number | null
}
