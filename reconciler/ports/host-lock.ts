/** One reconciler a host and instance: whoever holds this may change things. Freed by the kernel when the holder dies. */
export interface HostLock {
  /** Takes the lock, waiting as long as `waitMs`; throws `STACK_LOCKED`, naming who holds it, since when and why. */
  take(request: LockRequest, signal: AbortSignal): Promise<Held>
}

export interface LockRequest {
  readonly waitMs: number
  /** Called once when the lock is not free, with a sentence that says who holds it. */
  readonly onWait: (sentence: string) => void
}

export interface Held {
  /** Writes down who works here and why, for others to read. A run that changes nothing need not. */
  announce(why: string): Promise<void>
  release(): Promise<void>
}
