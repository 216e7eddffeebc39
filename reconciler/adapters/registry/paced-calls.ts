import type { Clock } from '../../ports/clock.ts'
import type { RegistryAnswer } from '../../ports/registry.ts'
import { type Called, type CallOptions, call } from './call.ts'
import { retryAfter } from './retry-after.ts'

export type Answered = Extract<Called, { kind: 'answer' }>
export type Failed = Extract<RegistryAnswer<never>, { kind: 'failed' }>

export interface Pace {
  readonly clock: Clock
  readonly silenceMs: number
  /** How long a registry that says "too many" is waited for. */
  readonly patienceMs: number
  /** How many requests one registry gets in one check. */
  readonly budget: number
}

export type PacedCall = (url: URL, options: Omit<CallOptions, 'silenceMs'>) => Promise<Answered | Failed>

/** Who was silent this often is not asked again: one dead registry must not cost a minute an image. */
const mostSilences = 2

/** Calls one registry, no oftener than it and we agreed on: it is left alone for as long as it asks for. */
export function pacedCalls({ clock, silenceMs, patienceMs, budget }: Pace): PacedCall {
  const state = { left: budget, pausedUntilMs: 0, silences: [] as string[] }

  /** A short pause is waited for, a long one is an answer. */
  async function whyNot(signal: AbortSignal): Promise<Failed | null> {
    const [silence] = state.silences.slice(mostSilences - 1)
    if (silence !== undefined) return failed(silence)
    if (state.left <= 0) return failed(`the budget of ${budget} requests is used up`)
    const waitMs = state.pausedUntilMs - clock.nowMs()
    if (waitMs <= 0) return null
    if (waitMs > patienceMs) return failed('it was asked too often', state.pausedUntilMs)
    await clock.sleep(waitMs, signal)
    return whyNot(signal)
  }

  return async function paced(url, options): Promise<Answered | Failed> {
    const reason = await whyNot(options.signal)
    if (reason !== null) return reason
    state.left -= 1
    const called = await call(url, { ...options, silenceMs })
    if (called.kind === 'silence') {
      state.silences.push(called.why)
      return failed(called.why)
    }
    if (called.status !== 429) return called
    const untilMs = retryAfter(called.headers.get('retry-after'), clock.nowMs())
    state.pausedUntilMs = Math.max(state.pausedUntilMs, untilMs)
    return paced(url, options)
  }
}

export function failed(why: string, retryAtMs: number | null = null): Failed {
  return { kind: 'failed', why, retryAtMs }
}
