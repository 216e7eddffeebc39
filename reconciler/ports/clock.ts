/** Time and chance, so that neither is anywhere else. */
export interface Clock {
  nowMs(): number
  /** Resolves after that long, or rejects at once when cancelled. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** A number in [0, 1). */
  random(): number
}
