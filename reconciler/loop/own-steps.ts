import type { RunEvent } from '../model/event.ts'
import type { StackletId } from '../model/names.ts'

/** When steps of ours were at work on which stacklet: what its containers did then was our doing. */
export interface OwnSteps {
  note(event: RunEvent): void
  wasOurs(stacklet: StackletId, atMs: number): boolean
}

interface Span {
  readonly stacklet: StackletId
  readonly fromMs: number
  /** Null while it goes on. */
  toMs: number | null
}

/** The engine's clock is ours, but its news come a little later than what they tell of. */
const slackMs = 1_000
/** A step that never ended was cut short with its process. */
const longestMs = 15 * 60_000
const mostKept = 500

export function ownSteps(): OwnSteps {
  const spans = new Map<string, Span>()
  return {
    note(event) {
      if (!('step' in event) || event.stacklet === null) return
      const key = `${event.run} ${event.step}`
      const atMs = Date.parse(event.at)
      if (event.kind === 'step-started') spans.set(key, { stacklet: event.stacklet, fromMs: atMs, toMs: null })
      const span = spans.get(key)
      if (span !== undefined && (event.kind === 'step-finished' || event.kind === 'step-failed')) span.toMs = atMs
      for (const old of [...spans.keys()].slice(0, Math.max(0, spans.size - mostKept))) spans.delete(old)
    },
    wasOurs: (stacklet, atMs) =>
      [...spans.values()].some((span) => {
        const untilMs = span.toMs === null ? span.fromMs + longestMs : span.toMs + slackMs
        return span.stacklet === stacklet && atMs >= span.fromMs - slackMs && atMs <= untilMs
      }),
  }
}
