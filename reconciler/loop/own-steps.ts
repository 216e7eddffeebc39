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

/** The engine's clock is ours: its news bear the time of what they tell of. */
const slackMs = 200
/** A step that never ended was cut short with its process. */
const longestMs = 15 * 60_000
const mostKept = 500

/** What stops no container. */
const harmless: ReadonlySet<string> = new Set([
  ...['write-secrets', 'write-env', 'pull-image', 'build-image', 'await-health', 'finish-setup', 'unpause', 'pause'],
  ...['rename', 'update', 'create-network', 'trash-data', 'purge-data', 'forget', 'start-service', 'stop-service'],
])

export function ownSteps(): OwnSteps {
  const spans = new Map<string, Span>()
  return {
    note(event) {
      if (!('step' in event) || event.stacklet === null || isHarmless(event.step)) return
      const key = `${event.run} ${event.step}`
      const atMs = Date.parse(event.at)
      if (event.kind === 'step-started') spans.set(key, { stacklet: event.stacklet, fromMs: atMs, toMs: null })
      const span = spans.get(key)
      if (span !== undefined && isOver(event)) span.toMs = atMs
      for (const old of [...spans.keys()].slice(0, Math.max(0, spans.size - mostKept))) spans.delete(old)
    },
    wasOurs: (stacklet, atMs) =>
      [...spans.values()].some((span) => {
        const untilMs = span.toMs === null ? span.fromMs + longestMs : span.toMs + slackMs
        return span.stacklet === stacklet && atMs >= span.fromMs - slackMs && atMs <= untilMs
      }),
  }
}

function isHarmless(step: string): boolean {
  return harmless.has(step.split(' ')[0] ?? '')
}

function isOver({ kind }: RunEvent): boolean {
  return kind === 'step-finished' || kind === 'step-failed'
}
