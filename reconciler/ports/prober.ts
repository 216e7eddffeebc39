import type { HealthCheck } from '../model/desired.ts'

/** Asks a service over HTTP whether it is well. Follows redirects; does not verify certificates (they are often our own). */
export interface Prober {
  /** One try, at most `timeoutMs`. Never throws: whatever goes wrong is the answer's `why`. */
  ask(check: HealthCheck, timeoutMs: number, signal: AbortSignal): Promise<ProbeAnswer>
}

export interface ProbeAnswer {
  readonly passed: boolean
  /** `answered 503`, `got "pong?" at $.res, expected "pong"`, `connection refused`. Holds no secret. */
  readonly why: string
}
