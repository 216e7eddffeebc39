import type { Clock, GitSettings, Reconciler, Revision, UpstreamHead } from '../reconciler/index.ts'
import { newBell } from './bell.ts'
import { type GitState, pauseMs, stateAfter } from './git-state.ts'
import { newsIn, nowSeen, type Seen } from './news.ts'
import { type Eyes, watchPlaces } from './watch-places.ts'

export interface GitWatch {
  readonly upstream: Reconciler['upstream']
  /** `[git]` as it is at the moment: a commit may change it. */
  readonly settings: () => GitSettings
  readonly clock: Clock
  /** Called for a head that was not seen before. It says only: look. */
  readonly request: (request: { readonly reason: 'push'; readonly revision: Revision }) => void
  /** Called when it stands otherwise with the remote than before, and at every look that failed. */
  readonly onState: (state: GitState) => void
  /** What sees changes on this disk at once. Default: the system's own watches. */
  readonly openEyes?: (onChange: () => void) => Eyes
}

/** A push changes several files; all of them are one reason to look. */
const debounceMs = 20
/** The first push is seen at once; of those that follow in no time, the last. */
const betweenRequestsMs = 500

/**
 * Sees new heads, the remote's and the local one: at `[git].interval`, and at once where a repository on this disk changes.
 * Ends when cancelled.
 */
export async function watchGit(watch: GitWatch, signal: AbortSignal): Promise<void> {
  const { clock, openEyes = watchPlaces } = watch
  const bell = newBell()
  const eyes = openEyes(bell.ring)
  let memory: Memory = { seen: null, state: null, requestedMs: Number.NEGATIVE_INFINITY }
  try {
    await turn(eyes, watch, signal)
    while (!signal.aborted) {
      const now = await look(watch, memory, signal)
      memory = now
      if (await turn(eyes, watch, signal)) continue
      const ms = pauseMs(now.state, watch.settings().intervalMs, clock.random())
      if (!(await bell.sleep(clock, ms, signal))) continue
      await clock.sleep(Math.max(debounceMs, now.requestedMs + betweenRequestsMs - clock.nowMs()), signal)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    await eyes.close()
  }
}

interface Memory {
  readonly seen: Seen | null
  readonly state: GitState | null
  /** When a run was asked for last. */
  readonly requestedMs: number
}

async function look(
  watch: GitWatch,
  memory: Memory,
  signal: AbortSignal,
): Promise<Memory & { readonly state: GitState }> {
  const { clock, upstream, settings, request } = watch
  const head = await upstream.peek(settings(), signal).catch((error: unknown) => asAway(error, memory, signal))
  const state = stateAfter(head, memory.state, clock.nowMs())
  if (state.kind !== memory.state?.kind || state.kind === 'unreachable') watch.onState(state)
  const revision = newsIn(head, memory.seen)
  const seen = nowSeen(head, memory.seen)
  if (revision === null) return { seen, state, requestedMs: memory.requestedMs }
  request({ reason: 'push', revision })
  return { seen, state, requestedMs: clock.nowMs() }
}

/** The instance's own repository may be in trouble; that is for a run to tell, and for this to outlive. */
function asAway(error: unknown, { seen }: Memory, signal: AbortSignal): UpstreamHead {
  signal.throwIfAborted()
  const why = error instanceof Error ? error.message : String(error)
  return { kind: 'unreachable', name: 'the repository of this instance', why, local: seen?.local ?? null }
}

/** Looks where the branch lies now: another remote may be named, a repository may be back. */
async function turn(eyes: Eyes, { upstream, settings }: GitWatch, signal: AbortSignal): Promise<boolean> {
  const places = await upstream.places(settings(), signal).catch(() => null)
  signal.throwIfAborted()
  return places === null ? false : eyes.turnTo(places)
}
