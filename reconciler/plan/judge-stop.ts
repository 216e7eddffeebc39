import type { ContainerNews } from '../model/engine-news.ts'

/**
 * Who stopped a container, as far as the news tell. `docker stop` is a signal, a death and a `stopped`, in one order or another;
 * `docker kill` lacks the last; `docker restart` is followed by a start. An engine that is being stopped tells the same of each
 * container, and so does one that was killed, when it ends at its next start what had survived it.
 */
export type StopVerdict =
  /** No person wanted it stopped, or it runs again. */
  | { readonly kind: 'nobody' }
  /** More news may come: judge again when it was quiet for that long. */
  | { readonly kind: 'undecided'; readonly quietMs: number }
  | { readonly kind: 'by-hand'; readonly stopped: ContainerNews }

export interface Circumstances {
  /** How long nothing more was told of the container. */
  readonly quietMs: number
  /** True for what a step of ours caused. */
  readonly wasOurs: (news: ContainerNews) => boolean
  /** The time before which an engine that was started anew may have stopped things by itself; null when it was not. */
  readonly engineSinceNs: string | null
}

/** A person who restarts a container stops it first. */
const graceMs = 2_000
/** After the last network was left `stopped` is due at once, if it comes at all. */
const settleMs = 50
/** As long as no network was left, the engine may still be at it. */
const leavingMs = 400
/** How long a process may take to die of a signal. */
const dyingMs = 15_000

/** Judges the news of one container, or of those that bore its name one after the other, in the order in which they were told. */
export function judgeStop(news: readonly ContainerNews[], around: Circumstances): StopVerdict {
  const since = news.slice(news.findLastIndex(({ kind }) => kind === 'started') + 1)
  const stopped = since.findLast(({ kind }) => kind === 'stopped')
  const cause = stopped ?? since.findLast(({ kind }) => kind === 'killed')
  if (cause === undefined || around.wasOurs(cause) || isOfTheEngine(cause, around)) return { kind: 'nobody' }
  if (stopped === undefined) return undecidedFor(stillDueMs(since), around, { kind: 'nobody' })
  return undecidedFor(graceMs, around, { kind: 'by-hand', stopped })
}

/** How long to wait for a `stopped` after a signal. */
function stillDueMs(since: readonly ContainerNews[]): number {
  const has = (kind: ContainerNews['kind']): boolean => since.some((one) => one.kind === kind)
  if (!has('died')) return dyingMs
  return has('disconnected') ? settleMs : leavingMs
}

function undecidedFor(quietMs: number, around: Circumstances, otherwise: StopVerdict): StopVerdict {
  return around.quietMs < quietMs ? { kind: 'undecided', quietMs } : otherwise
}

function isOfTheEngine({ atNs }: ContainerNews, { engineSinceNs }: Circumstances): boolean {
  return engineSinceNs !== null && BigInt(atNs) < BigInt(engineSinceNs)
}
