/** A Docker engine of our own, for a machine that has none: unpacked into a folder of its user, nothing is installed. */
export interface PrivateEngine {
  /** Reads only. */
  look(): Promise<PrivateEngineLook>
  /** Fetches what is missing, starts the engine and answers when it does. Where it runs already, it is that one. */
  start(onLine: (line: string) => void, signal: AbortSignal): Promise<void>
}

export interface PrivateEngineLook {
  readonly folder: string
  /** `unix://…`, where it listens when it runs. */
  readonly address: string
  readonly isUnpacked: boolean
  readonly isRunning: boolean
  /** Words for a shell that make Docker's tools and us use it. */
  readonly exports: string
  /** Why this machine can have none; null where it can. */
  readonly obstacle: string | null
}
