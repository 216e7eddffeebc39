import { setMaxListeners } from 'node:events'
import type {
  Clock,
  ContainerNews,
  EngineEvents,
  EngineNews,
  EngineUp,
  NewsQuestion,
  StackletId,
} from '../reconciler/index.ts'
import { type Halt, stopWatch } from './stop-watch.ts'

export interface DockerWatch extends NewsQuestion {
  readonly events: EngineEvents
  readonly clock: Clock
  /** Asks for a look; null where it should be at everything. May be called for nothing. */
  readonly request: (why: { readonly reason: 'engine'; readonly stacklet: StackletId | null }) => void
  /** Whether a step of ours was at work on this stacklet then. */
  readonly wasOurs: (stacklet: StackletId, atMs: number) => boolean
  /** Somebody may be stopping it by hand: until it is known, at most that long, nothing should start it. */
  readonly onStopping: (halt: Halt & { readonly forMs: number }) => void
  /** Somebody stopped it by hand. */
  readonly onHold: (halt: Halt) => void
  /** Who stopped something of it is known; `onHold` was called before where that was somebody. */
  readonly onSettled?: (stacklet: StackletId) => void
  /** Told of all news as they come, so that a later listening can go on there. */
  readonly noteNews?: (news: EngineNews) => void
}

/** What died is looked at as soon as what belongs together was told; all else may wait for more of its kind. */
const deathMs = 20
const otherMs = 100
/** The engine's list may lag behind its news. */
const againMs = 1_000

/** Turns the news of the engine into reasons to look, until cancelled. */
export async function watchDocker(watch: DockerWatch, cancel: AbortSignal): Promise<void> {
  // Of a storm of news many sleep at once, and each listens for the end.
  const signal = AbortSignal.any([cancel])
  setMaxListeners(0, signal)
  const { look, lookAgain } = lookers(watch, signal)
  const stops = stopWatch({ ...watch, onSettled: lookSettled }, signal)

  function lookSettled(stacklet: StackletId): void {
    watch.onSettled?.(stacklet)
    lookAgain(stacklet)
  }

  function hear(news: EngineNews): void {
    watch.noteNews?.(news)
    if (news.kind === 'engine-lost') stops.noteLost()
    else if (news.kind === 'engine-up') hearItIsUp(news)
    else hearOfContainer(news)
  }
  function hearItIsUp(news: EngineUp): void {
    stops.noteUp(news)
    look(null, 0)
  }
  function hearOfContainer(news: ContainerNews): void {
    if (stops.note(news) === 'undecided') return
    if (news.stacklet !== null) watch.onSettled?.(news.stacklet)
    if (news.kind === 'died') lookAgain(news.stacklet)
    else look(news.stacklet, otherMs)
  }
  await watch.events.listen(watch, hear, signal)
}

interface Lookers {
  /** A request within that time, together with what else is due for the stacklet by then. */
  readonly look: (stacklet: StackletId | null, withinMs: number) => void
  /** A request soon, and one more when the engine's lists are surely up to date. */
  readonly lookAgain: (stacklet: StackletId | null) => void
}

function lookers({ clock, request }: DockerWatch, signal: AbortSignal): Lookers {
  const due = new Set<StackletId | null>()
  async function askLater(stacklet: StackletId | null, ms: number): Promise<void> {
    await clock.sleep(ms, signal)
    if (due.delete(stacklet)) request({ reason: 'engine', stacklet })
  }
  function look(stacklet: StackletId | null, withinMs: number): void {
    due.add(stacklet)
    askLater(stacklet, withinMs).catch(ignoreCancelled(signal))
  }
  return {
    look,
    lookAgain(stacklet) {
      look(stacklet, deathMs)
      clock.sleep(againMs, signal).then(() => look(stacklet, 0), ignoreCancelled(signal))
    },
  }
}

function ignoreCancelled(signal: AbortSignal): (thrown: unknown) => void {
  return (thrown) => {
    if (!signal.aborted) throw thrown
  }
}
