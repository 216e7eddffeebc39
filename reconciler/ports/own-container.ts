/** The container that this process runs in, where it runs in one. */
export interface OwnContainer {
  /** Its id; null outside of one. Never throws. */
  id(): Promise<string | null>
  /**
   * Starts a container like it, from the same image and with the same mounts and variables, that runs these words of this program
   * and is removed when it has ended. It outlives this process. There is one of that name at a time: one that runs already will do.
   */
  startHelper(request: HelperRequest, signal: AbortSignal): Promise<void>
}

export interface HelperRequest {
  readonly name: string
  /** What follows `stack`. */
  readonly words: readonly string[]
  readonly labels: Readonly<Record<string, string>>
}
