import type { EngineNews } from '../model/engine-news.ts'
import type { StackletId } from '../model/names.ts'

/** What the engine tells without being asked. */
export interface EngineEvents {
  /**
   * Tells what happens to our containers, from `sinceNs` on, each thing once, until cancelled: then it resolves. An engine that goes
   * away is news like any other; it is tried again until it is back, and what it remembers of the time between is told then.
   * Nothing is told of our helpers, nor what was executed in a container: a command line may hold secrets.
   */
  listen(question: NewsQuestion, onNews: (news: EngineNews) => void, signal: AbortSignal): Promise<void>
  /** Whether the engine takes a new connection. One that is being stopped still tells news for seconds, and takes none. */
  answers(signal: AbortSignal): Promise<boolean>
}

export interface NewsQuestion {
  /** The `atNs` of the last news that was taken care of; null for what happens from now on. */
  readonly sinceNs: string | null
  /** This instance's id: what bears it is ours. */
  readonly instance: string | null
  /** Whose a container without our labels is, because it was adopted; null when it is a stranger's. */
  readonly ownerOf: (container: { readonly name: string; readonly project: string | null }) => StackletId | null
}
