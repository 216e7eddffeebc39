import type { UpstreamHead } from '../reconciler/index.ts'

/** How it stands with the remote, for whoever asks why nothing comes. */
export type GitState =
  | { readonly kind: 'local'; readonly sinceMs: number }
  | { readonly kind: 'reached'; readonly name: string; readonly sinceMs: number }
  /** The remote answers and has no such branch. */
  | { readonly kind: 'gone'; readonly name: string; readonly sinceMs: number }
  | Unreachable

export interface Unreachable {
  readonly kind: 'unreachable'
  readonly name: string
  readonly why: string
  /** When it first did not answer. */
  readonly sinceMs: number
  /** How often it did not, one after the other. */
  readonly failures: number
}

/** `before` is null at the first look. A state that lasts keeps its beginning. */
export function stateAfter(head: UpstreamHead, before: GitState | null, nowMs: number): GitState {
  const kind = kinds[head.kind]
  const sinceMs = before?.kind === kind ? before.sinceMs : nowMs
  if (head.kind === 'none') return { kind: 'local', sinceMs }
  if (head.kind !== 'unreachable') return { kind: head.kind === 'at' ? 'reached' : 'gone', name: head.name, sinceMs }
  const failures = before?.kind === 'unreachable' ? before.failures + 1 : 1
  return { kind: 'unreachable', name: head.name, why: head.why, sinceMs, failures }
}

const kinds = { none: 'local', at: 'reached', gone: 'gone', unreachable: 'unreachable' } as const

const longestPauseMs = 15 * 60_000

/** When to look again: at the interval, and later each time that the remote is away; a tenth earlier or later, by chance. */
export function pauseMs(state: GitState, intervalMs: number, random: number): number {
  const doublings = state.kind === 'unreachable' ? state.failures - 1 : 0
  const backedOff = Math.min(intervalMs * 2 ** doublings, Math.max(longestPauseMs, intervalMs))
  return Math.round(backedOff * (0.9 + 0.2 * random))
}
