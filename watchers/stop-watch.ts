import {
  type Clock,
  type ContainerNews,
  type EngineEvents,
  type EngineUp,
  judgeStop,
  type StackletId,
  type StopVerdict,
} from '../reconciler/index.ts'

/** A container that was stopped, and when. */
export interface Halt {
  readonly stacklet: StackletId
  readonly container: string
  readonly atMs: number
}

export interface StopWatchParts {
  readonly events: Pick<EngineEvents, 'answers'>
  readonly clock: Clock
  readonly wasOurs: (stacklet: StackletId, atMs: number) => boolean
  readonly onStopping: (halt: Halt & { readonly forMs: number }) => void
  readonly onHold: (halt: Halt) => void
  /** What was undecided is not any more. */
  readonly onSettled: (stacklet: StackletId) => void
}

export interface StopWatch {
  note(news: ContainerNews): 'undecided' | 'settled'
  /** What is undecided now was the engine's doing, unless it is soon back as if nothing had been. */
  noteLost(): void
  /** An engine that was started anew may have stopped things by itself before. */
  noteUp(up: EngineUp): void
}

const telling: ReadonlySet<string> = new Set(['killed', 'died', 'disconnected', 'stopped', 'started'])
/** More than this of one container since it was last started is a loop of something that does not matter here. */
const mostKept = 32

/** Follows the stopping of containers until it is known whether a person did it. */
export function stopWatch(parts: StopWatchParts, signal: AbortSignal): StopWatch {
  const cases = new Map<string, readonly ContainerNews[]>()
  let isLost = false
  let engineSinceNs: string | null = null

  function judge(stacklet: StackletId, news: readonly ContainerNews[], quietMs: number): StopVerdict {
    const wasOurs = ({ atNs }: ContainerNews): boolean => parts.wasOurs(stacklet, toMs(atNs))
    return judgeStop(news, { quietMs, wasOurs, engineSinceNs })
  }
  async function judgeAfter(stacklet: StackletId, news: readonly ContainerNews[], quietMs: number): Promise<void> {
    const key = keyOf(stacklet, news.at(-1))
    const isMoot = (): boolean => cases.get(key) !== news
    await parts.clock.sleep(quietMs, signal)
    if (isMoot()) return
    const verdict = judge(stacklet, news, quietMs)
    const isUp = !isLost && (verdict.kind !== 'by-hand' || (await parts.events.answers(signal)))
    if (isMoot()) return
    cases.delete(key)
    if (verdict.kind === 'by-hand' && isUp && !isLost) parts.onHold(haltOf(stacklet, verdict.stopped))
    parts.onSettled(stacklet)
  }
  return {
    note(news) {
      const { stacklet } = news
      if (stacklet === null) return 'settled'
      const key = keyOf(stacklet, news)
      const known = cases.get(key) ?? []
      if (!telling.has(news.kind)) return known.length > 0 ? 'undecided' : 'settled'
      const all = [...known, news].slice(-mostKept)
      const verdict = judge(stacklet, all, 0)
      cases.delete(key)
      if (verdict.kind !== 'undecided') return 'settled'
      cases.set(key, all)
      parts.onStopping({ ...haltOf(stacklet, news), forMs: verdict.quietMs })
      judgeAfter(stacklet, all, verdict.quietMs).catch((thrown: unknown) => {
        if (!signal.aborted) throw thrown
      })
      return 'undecided'
    },
    noteLost() {
      isLost = true
    },
    noteUp({ isSeamless, atNs }) {
      isLost = false
      if (isSeamless) return
      cases.clear()
      engineSinceNs = atNs
    },
  }
}

/** By name: who makes a container anew gives the new one the old one's. */
function keyOf(stacklet: StackletId, news: ContainerNews | undefined): string {
  return `${stacklet} ${news?.name}`
}

function haltOf(stacklet: StackletId, { name, atNs }: ContainerNews): Halt {
  return { stacklet, container: name, atMs: toMs(atNs) }
}

function toMs(atNs: string): number {
  return Number(BigInt(atNs) / 1_000_000n)
}
