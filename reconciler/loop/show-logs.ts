import type { ObservedContainer } from '../model/actual.ts'
import { isUp } from '../plan/container-state.ts'
import type { LogLine } from '../ports/container-console.ts'
import type { World } from '../ports/world.ts'
import { eachAtOnce } from './each-at-once.ts'
import { containersOfStacklet } from './own-containers.ts'

export interface LogsRequest {
  readonly id: string
  /** Of each container; null: all there is. */
  readonly tail: number | null
  readonly follow: boolean
  /** For `~` in paths. */
  readonly home: string
  readonly watch: LogWatch
}

export interface LogWatch {
  /** Whose lines may come, told before the first and whenever there are others. */
  readonly onServices: (names: readonly string[]) => void
  readonly onLine: (line: ServiceLine) => void
}

export interface ServiceLine {
  readonly service: string
  readonly stream: LogLine['stream']
  readonly text: string
}

/** How often containers are looked for that were started or made anew. */
const lookEveryMs = 1_000
const lanes = 8

/** What all services of a stacklet printed, in the order in which they did; then, if it is followed, what they print until cancelled. */
export async function showLogs(world: World, request: LogsRequest, signal: AbortSignal): Promise<void> {
  const containers = await containersOfStacklet(world, request.id, request.home, signal)
  const names = namesOf(containers)
  request.watch.onServices([...names.values()])
  const last = await showPast(world, containers, names, request, signal)
  if (request.follow) await follow(world, last, request, signal)
}

/** Container id to the time of the last line that was shown of it; null where it has shown none. */
type LastShown = Map<string, string | null>

async function showPast(
  world: World,
  containers: readonly ObservedContainer[],
  names: ReadonlyMap<string, string>,
  { tail, watch }: LogsRequest,
  signal: AbortSignal,
): Promise<LastShown> {
  const logs = await eachAtOnce(containers, lanes, async ({ id }) => {
    const lines: (LogLine & { readonly container: string })[] = []
    const request = { containerId: id, tail, after: null, follow: false }
    await world.console.logs(request, (line) => lines.push({ ...line, container: id }), signal)
    return lines
  })
  for (const { container, stream, text } of logs.flat().sort(byTime)) {
    watch.onLine({ service: names.get(container) ?? '', stream, text })
  }
  return new Map(containers.map(({ id }, index) => [id, logs[index]?.at(-1)?.at ?? null]))
}

function byTime(one: LogLine, other: LogLine): number {
  if (one.at === other.at) return 0
  return one.at < other.at ? -1 : 1
}

/** Looks again and again, so that a container that comes back, or takes another's place, is heard too. */
async function follow(world: World, last: LastShown, request: LogsRequest, signal: AbortSignal): Promise<void> {
  const over = new AbortController()
  const until = AbortSignal.any([signal, over.signal])
  const heard = new Map<string, Promise<void>>()
  let failure: unknown = null
  try {
    while (!signal.aborted && failure === null) {
      const containers = await containersOfStacklet(world, request.id, request.home, signal)
      const names = namesOf(containers)
      request.watch.onServices([...names.values()])
      for (const container of containers.filter((one) => isUp(one) || !last.has(one.id))) {
        if (heard.has(container.id)) continue
        const hearing = hear(world, container.id, names.get(container.id) ?? '', last, request.watch, until)
        const ended = hearing.catch((thrown: unknown) => {
          failure ??= thrown
        })
        heard.set(
          container.id,
          ended.finally(() => heard.delete(container.id)),
        )
      }
      await world.clock.sleep(lookEveryMs, signal).catch(ifCancelled(signal))
    }
  } finally {
    over.abort()
    await Promise.all(heard.values())
  }
  if (failure !== null) throw failure
}

async function hear(
  world: World,
  containerId: string,
  service: string,
  last: LastShown,
  { onLine }: LogWatch,
  signal: AbortSignal,
): Promise<void> {
  const after = last.get(containerId) ?? null
  last.set(containerId, after)
  const request = { containerId, tail: null, after, follow: true }
  await world.console.logs(
    request,
    ({ at, stream, text }) => {
      last.set(containerId, at)
      onLine({ service, stream, text })
    },
    signal,
  )
}

function ifCancelled(signal: AbortSignal): (thrown: unknown) => void {
  return (thrown) => {
    if (!signal.aborted) throw thrown
  }
}

/** Container id to what it is called in front of its lines: its service, or its own name where it has several. */
function namesOf(containers: readonly ObservedContainer[]): ReadonlyMap<string, string> {
  const isAlone = (service: string): boolean => containers.filter((one) => one.service === service).length === 1
  return new Map(containers.map(({ id, name, service }) => [id, service !== null && isAlone(service) ? service : name]))
}
