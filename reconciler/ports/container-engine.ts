import type { Fingerprint, ObservedContainer, TwinNetwork } from '../model/actual.ts'
import type { PortHolder } from '../model/port-holder.ts'
import type { Repair } from '../model/repair.ts'

/** The Docker engine, seen and touched without Compose. */
export interface ContainerEngine {
  /** One look. Makes only reading calls. Throws `STACK_ENGINE_UNREACHABLE` with the address where nothing answers. */
  look(question: EngineQuestion, signal: AbortSignal): Promise<EngineLook>
  /** Does one thing to one container; resolves when the engine says it is done. Doing what is already so succeeds. */
  act(action: ContainerAction | Repair, containerId: string, signal: AbortSignal): Promise<void>
  /** Makes a bridge network unless one of that name is there. */
  createNetwork(name: string, labels: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void>
  /** The last lines a container printed, oldest first, both streams, without headers or colours. */
  lastLines(containerId: string, count: number, signal: AbortSignal): Promise<readonly string[]>
  /** Removes what nobody uses: a network, or the volumes that Compose made for a project. Answers the names of what is gone. */
  discard(what: Discardable, signal: AbortSignal): Promise<readonly string[]>
}

export type Discardable =
  /** By name, or by id where several have the name. */
  | { readonly kind: 'network'; readonly name: string }
  | { readonly kind: 'volume'; readonly name: string }
  | { readonly kind: 'volumes'; readonly project: string }

export type ContainerAction = 'start' | 'stop' | 'restart' | 'pause' | 'unpause' | 'remove'

export interface EngineQuestion {
  /** This instance's id: its containers are always in the answer. */
  readonly instance: string | null
  /** Compose projects whose containers are wanted, whoever made them. */
  readonly projects: readonly string[]
  /** Container names that are wanted, whoever owns them. */
  readonly names?: readonly string[]
  /** Image references to look for. */
  readonly images?: readonly string[]
  /** Volumes to look for. */
  readonly volumes?: readonly string[]
}

export interface EngineLook {
  /** Sorted by name. */
  readonly containers: readonly ObservedContainer[]
  readonly engine: string
  /** All of them, asked for or not. */
  readonly networks: ReadonlyMap<string, Fingerprint>
  /** Of those, the ones that share their name. Sorted by name, then age. */
  readonly twins: readonly TwinNetwork[]
  readonly volumes: ReadonlyMap<string, Fingerprint>
  /** Ports that running containers publish, whosever they are. */
  readonly portHolders: readonly PortHolder[]
  /** Those of the asked references that are present, with the id of the image that each means. */
  readonly images: ReadonlyMap<string, string>
}
