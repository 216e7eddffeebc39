/** What containers print, and programs run inside of them, for a person who watches. */
export interface ContainerConsole {
  /**
   * Says the lines that a container printed, oldest first; with `follow` also those to come, until it stops. Resolves then, or
   * when cancelled. A container that is gone has no lines.
   */
  logs(request: LogRequest, onLine: (line: LogLine) => void, signal: AbortSignal): Promise<void>
  /**
   * Runs a program in a running container on our own terminal: stdin, stdout and stderr are ours, with a terminal of its own
   * where we have one. Answers its exit code; 126 or 127 where it cannot be started, as a shell would.
   */
  exec(request: ExecRequest, signal: AbortSignal): Promise<number>
}

export interface LogRequest {
  readonly containerId: string
  /** How many of the last lines there are; null: all. */
  readonly tail: number | null
  /** Only what was printed after this time, as `LogLine.at` gave it. */
  readonly after: string | null
  readonly follow: boolean
}

export interface LogLine {
  /** When, as the engine writes it: RFC 3339 with nanoseconds in UTC, so that texts compare as times do. */
  readonly at: string
  readonly stream: 'stdout' | 'stderr'
  /** Without its newline. */
  readonly text: string
}

export interface ExecRequest {
  readonly containerId: string
  readonly argv: readonly string[]
}
