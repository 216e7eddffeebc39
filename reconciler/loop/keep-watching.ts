import type { WatcherTools } from './daemon.ts'
import { asStackError } from './report-error.ts'

/** A reason to look. It ends only when it is cancelled. */
export interface Watcher {
  readonly name: string
  /** What it depends on: when that reads otherwise, it begins anew. */
  readonly key: (tools: WatcherTools) => string
  readonly watch: (tools: WatcherTools, signal: AbortSignal) => Promise<void>
}

const pauseMs = 5_000
const keyCheckMs = 2_000

/** A watcher that fails is told of and begins anew: the interval looks meanwhile, and nothing is lost. */
export async function keepWatching(watcher: Watcher, tools: WatcherTools, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const changed = new AbortController()
    const limit = AbortSignal.any([signal, changed.signal])
    const watching = watcher.watch(tools, limit).then(ignored, (thrown: unknown) => told(watcher, tools, thrown, limit))
    await Promise.race([watching, untilOther(watcher, tools, limit)])
    changed.abort()
    if ((await watching) === 'failed') await tools.world.clock.sleep(pauseMs, signal).catch(ignored)
  }
}

function ignored(): void {}

function told({ name }: Watcher, { log }: WatcherTools, thrown: unknown, signal: AbortSignal): 'failed' | undefined {
  if (signal.aborted) return undefined
  log.warn('a watcher failed and begins anew', { watcher: name, error: asStackError(thrown).message })
  return 'failed'
}

async function untilOther(watcher: Watcher, tools: WatcherTools, signal: AbortSignal): Promise<void> {
  const key = watcher.key(tools)
  while (!signal.aborted && watcher.key(tools) === key) await tools.world.clock.sleep(keyCheckMs, signal).catch(ignored)
}
