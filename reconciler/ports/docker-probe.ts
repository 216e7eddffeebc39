/** Whether Docker's parts are there at all. Reads only; what is missing is an answer, never a throw. */
export interface DockerProbe {
  engine(signal: AbortSignal): Promise<EngineAnswer>
  compose(signal: AbortSignal): Promise<ComposeAnswer>
}

export type EngineAnswer = AnsweringEngine | SilentEngine

export interface AnsweringEngine {
  readonly kind: 'answers'
  readonly address: string
  readonly version: string
  readonly api: string
  /** Where it keeps images and volumes, where that is a folder of this machine. */
  readonly dataRoot: string | null
  readonly networks: readonly string[]
  /** Every container that runs, whosever it is. */
  readonly running: readonly RunningContainer[]
}

export interface RunningContainer {
  readonly name: string
  readonly project: string | null
  readonly instance: string | null
  readonly stacklet: string | null
  readonly isHelper: boolean
  readonly ports: readonly { readonly address: string; readonly port: number; readonly protocol: string }[]
}

export interface SilentEngine {
  readonly kind: 'silent'
  /** Null where nothing says where it would be. */
  readonly address: string | null
  readonly message: string
  readonly hint: string
  /** The system's word for it: ENOENT, ECONNREFUSED, EACCES. */
  readonly why: string
  /** True where DOCKER_HOST, DOCKER_CONTEXT or a context says which engine is meant. */
  readonly isChosen: boolean
}

export type ComposeAnswer =
  | { readonly kind: 'works'; readonly version: string; readonly program: string }
  | { readonly kind: 'missing' | 'broken'; readonly message: string; readonly hint: string }
