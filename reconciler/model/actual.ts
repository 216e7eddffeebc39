import type { ComposeProject } from './compose-project.ts'
import type { DesiredState } from './desired.ts'
import type { HookEvent, StartedHook } from './hook.ts'
import type { Digest, Revision, StackletId } from './names.ts'
import type { PortHolder } from './port-holder.ts'
import type { ServedRoutes } from './route.ts'
import type { Standing } from './standing.ts'

/** One look at the host. Nothing in it is asked again while planning, and time is a fact like any other. */
export interface Actual {
  readonly nowMs: number
  /** This instance's random id; null before the first run wrote it. */
  readonly instance: string | null
  /** The container that this program runs in; null where it runs in none. */
  readonly self: string | null
  /** Every container that is ours, claims one of our projects, or bears a name we want. Sorted by name. */
  readonly containers: readonly ObservedContainer[]
  /** The engine's version: another one reports the same things in other words. */
  readonly engine: string
  /** Networks on the engine, by name. */
  readonly networks: ReadonlyMap<string, Fingerprint>
  /** Networks that are not alone under their name: who says that name is refused. */
  readonly twins: readonly TwinNetwork[]
  /** Those of the projects' volumes that are there, by name. */
  readonly volumes: ReadonlyMap<string, Fingerprint>
  /** Image references, as asked for, to the id of the image that each means now. */
  readonly images: ReadonlyMap<string, string>
  /** Stacklet to how many starts of this run met what a died engine left of an earlier one. Only a start can see it. */
  readonly stuck: Readonly<Record<string, number>>
  /** Who has which port: running containers, whosever they are, and programs, where somebody is to get one. */
  readonly portHolders: readonly PortHolder[]
  readonly ledger: Readonly<Record<string, LedgerEntry>>
  /** Names present in the secrets file. */
  readonly secretNames: readonly string[]
  /** Stacklet to the services of the host that answer right now. */
  readonly respondingServices: Readonly<Record<string, readonly string[]>>
  readonly files: Readonly<Record<string, ObservedFiles>>
  /** What the proxy serves; null in port mode. */
  readonly served: ServedRoutes | null
  /** Digests that a person approved on this host. */
  readonly approvals: readonly Digest[]
  /** Stacklets that were running or stopped when a run last converged. */
  readonly converged: readonly StackletId[]
  /** What this host decided about stacklets. */
  readonly standings: Readonly<Record<string, Standing>>
  /** Stacklets of which that cannot be read. */
  readonly brokenStandings: readonly StackletId[]
}

export interface TwinNetwork {
  readonly id: string
  readonly name: string
  readonly createdAtMs: number
  /** `com.docker.compose.project`, if Compose made it. */
  readonly project: string | null
  /** `stack.instance`, if we made it. */
  readonly instance: string | null
  /** Whoever is on it, up or not. */
  readonly containers: readonly { readonly id: string; readonly name: string }[]
}

export type ContainerState = 'created' | 'running' | 'paused' | 'restarting' | 'exited' | 'dead' | 'removing'
export type ContainerHealth = 'healthy' | 'unhealthy' | 'starting' | 'none'

export interface ObservedContainer {
  readonly id: string
  readonly name: string
  readonly image: string
  readonly imageId: string
  /** `com.docker.compose.project`, if Compose made it. */
  readonly project: string | null
  readonly service: string | null
  /** `stack.instance` and `stack.stacklet`, if we made it. */
  readonly instance: string | null
  readonly stacklet: string | null
  /** Started by us for ourselves: never drift. */
  readonly isHelper: boolean
  /** Made by `compose run`: never part of the project's services. */
  readonly isOneOff: boolean
  readonly state: ContainerState
  readonly health: ContainerHealth
  readonly exitCode: number
  /** How often the engine restarted it by its restart policy since it was last started on purpose. */
  readonly restarts: number
  /** When it was last started, by whomever; 0 when never. */
  readonly startedAtMs: number
  readonly ports: readonly { readonly address: string; readonly port: number; readonly protocol: string }[]
  /** Field to value, normalised so that equal containers read equal. Secret values appear as digests. */
  readonly fingerprint: Fingerprint
}

export type Fingerprint = Readonly<Record<string, string>>

/** What lies on disk for one stacklet. */
export interface ObservedFiles {
  /** Digest of its .env, null when there is none. */
  readonly env: Digest | null
  readonly isSetUp: boolean
  /** Once-only hooks that ended well in a first run that has not ended yet. */
  readonly finishedHooks: readonly HookEvent[]
  /** Services of the host that we started and have not stopped since. */
  readonly startedServices: readonly string[]
  /** A hook that was started and whose end nobody noted: the run that started it died. */
  readonly startedHook: StartedHook | null
  readonly hasData: boolean
}

/** What was applied to one stacklet the last time that went well. */
export interface LedgerEntry {
  readonly format: number
  readonly id: StackletId
  readonly state: DesiredState
  readonly appliedAt: string
  readonly revision: Revision | null
  readonly content: Digest
  readonly files: Readonly<Record<string, Digest>>
  readonly inputs: Readonly<Record<string, Digest>>
  /** What git had locked its services to: service to pinned reference. */
  readonly locked: Readonly<Record<string, string>>
  /** What those of the inputs were that are no secrets, so that a plan can show both. */
  readonly values: Readonly<Record<string, string>>
  readonly requires: readonly StackletId[]
  readonly project: ComposeProject | null
  /** The version of the engine that reported what follows. */
  readonly engine: string
  /** Container name to the fingerprint seen right after the apply. */
  readonly containers: Readonly<Record<string, Fingerprint>>
  /** The same for the networks and volumes of its project that are its own. */
  readonly networks: Readonly<Record<string, Fingerprint>>
  readonly volumes: Readonly<Record<string, Fingerprint>>
  /** What each image reference of its project meant then. */
  readonly images: Readonly<Record<string, string>>
  /** Hooks that the last start still owes: it was well, and they have not ended well. */
  readonly owes: readonly HookEvent[]
}
