/** `.stack/stack.lock`, 0600, atomic: what this host runs where it cannot or must not say so in git. */
export interface LocalLock {
  /** Null where there is none. */
  read(): Promise<string | null>
  /** Changes it, one process at a time. An empty text is no file. */
  change(edit: (text: string | null) => string, signal: AbortSignal): Promise<void>
}
