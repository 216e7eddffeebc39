/** The machine we run on. Reads only; what it lacks is an answer, never a throw. */
export interface Machine {
  programs(signal: AbortSignal): Promise<Programs>
  /** Who listens on which port of this machine, as far as this user may see. */
  listeners(): Promise<readonly Listener[]>
  /** How much room there is where these absolute paths lie, or would lie; nothing of those that this user may not see. */
  room(paths: readonly string[]): Promise<readonly Room[]>
}

export interface Programs {
  /** `20.20.2` */
  readonly node: string
  /** Versions; null for what is not in PATH. `there` where a program does not tell. */
  readonly git: string | null
  readonly bash: string | null
  readonly python: string | null
  readonly flock: string | null
}

export interface Listener {
  /** `0.0.0.0` or `::` for every address. */
  readonly address: string
  readonly port: number
  readonly protocol: 'tcp' | 'udp'
  /** Null where the system does not tell this user. */
  readonly process: { readonly pid: number; readonly program: string } | null
}

export interface Room {
  /** As asked. */
  readonly path: string
  readonly isThere: boolean
  /** The path itself, or the nearest folder above it that is there. */
  readonly at: string
  readonly isWritable: boolean
  readonly freeBytes: number
  /** Null where the file system does not count them. */
  readonly freeFiles: number | null
}
