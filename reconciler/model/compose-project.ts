import type { Digest } from './names.ts'

/** What Compose makes of a stacklet's file, as far as planning needs it. The whole document lies beside it, opaque. */
export interface ComposeProject {
  readonly name: string
  readonly services: readonly ComposeService[]
  readonly networks: readonly ComposePart[]
  readonly volumes: readonly ComposePart[]
}

/** A network or volume that services of the project use. */
export interface ComposePart {
  readonly name: string
  readonly external: boolean
  /** What the document says of it, in one digest: Compose makes none anew when that changes. */
  readonly definition: Digest
}

export interface ComposeService {
  readonly name: string
  /** Null where Compose names the container itself. */
  readonly containerName: string | null
  readonly image: string
  readonly isBuilt: boolean
  readonly replicas: number
  readonly ports: readonly PublishedPort[]
  /** Files and directories that the service mounts or reads, relative to the stacklet's directory. */
  readonly sources: readonly string[]
  /** What it is built from, in the same way; null where nothing is built. */
  readonly context: string | null
  /** Its Dockerfile, relative to that; left out where it is the usual one. */
  readonly dockerfile?: string
  /** What else its build is told; left out where that is nothing. */
  readonly words?: BuildWords
  readonly hasHealthcheck: boolean
}

/** What a Compose file tells a build. */
export interface BuildWords {
  /** The stage to build; null: the last. */
  readonly target: string | null
  /** Values for `ARG`; null for one that holds a secret. */
  readonly args: Readonly<Record<string, string | null>>
  /** What is there under the name of an image, and is none. */
  readonly contexts: readonly string[]
}

/** The images that a Dockerfile needs from elsewhere, as it names them: a new version of each is a new image. */
export interface BuiltFrom {
  /** What the stage that is built is built upon, in the end; null where that is `scratch`, or nobody can tell. */
  readonly upon: string | null
  /** Those of the other stages that it needs, and those that files are copied from, by name. */
  readonly others: readonly string[]
}

export interface PublishedPort {
  /** Address on the host; `0.0.0.0` when none is given. */
  readonly address: string
  readonly port: number
  readonly protocol: 'tcp' | 'udp'
  /** Where it leads inside the container; unknown in what was applied by an earlier version. */
  readonly target?: number
}
