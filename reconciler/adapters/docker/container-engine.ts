import { setMaxListeners } from 'node:events'

import type Docker from 'dockerode'
import type { ContainerEngine } from '../../ports/container-engine.ts'
import { actOn } from './act-on-container.ts'
import { connect, engineError, hasStatus, unreachable } from './connect.ts'
import { discard } from './discard.ts'
import type { Endpoint } from './endpoint.ts'
import { engineReader } from './engine-reader.ts'
import { plainLines } from './log-lines.ts'
import { lookAt } from './look-at-engine.ts'

/** An engine that takes longer to answer hangs. Stopping waits for the container's own grace period, which may be long. */
const answerMs = 30_000
const stopMs = 300_000

/** The engine at this endpoint. Connects at the first call. */
export function dockerEngine(findEndpoint: () => Promise<Endpoint>): ContainerEngine {
  const toAct = atFirst(async () => connect(await findEndpoint()))
  const toLook = atFirst(async () => engineReader(await findEndpoint()))
  async function askWith<Client, Answer>(open: () => Promise<Client>, asked: Asked, call: Call<Client, Answer>) {
    const endpoint = await findEndpoint()
    const client = await open()
    const late = AbortSignal.timeout(asked.withinMs)
    const either = AbortSignal.any([late, asked.signal])
    // A look asks many questions at once, and each listens for the end.
    setMaxListeners(0, either)
    try {
      return await orAborted(either, (limit) => call(client, limit))
    } catch (thrown) {
      asked.signal.throwIfAborted()
      if (late.aborted) throw unreachable(endpoint, `no answer within ${asked.withinMs / 1000} s`, thrown)
      throw engineError(thrown, endpoint, asked.doing)
    }
  }
  const ask = <Answer>(asked: Asked, call: Call<Docker, Answer>) => askWith(toAct, asked, call)
  return {
    look: (question, signal) =>
      askWith(toLook, { doing: 'looking at the engine', withinMs: answerMs, signal }, (reader, limit) =>
        lookAt(reader, question, limit),
      ),
    act: (action, id, signal) =>
      ask(
        { doing: `${typeof action === 'string' ? action : action.kind} ${id.slice(0, 12)}`, withinMs: stopMs, signal },
        (client, limit) => actOn(client, action, id, limit),
      ),
    createNetwork: (name, labels, signal) =>
      ask({ doing: `create network ${name}`, withinMs: answerMs, signal }, (client, limit) =>
        createNetwork(client, name, labels, limit),
      ),
    lastLines: (id, count, signal) =>
      ask({ doing: `logs of ${id.slice(0, 12)}`, withinMs: answerMs, signal }, (client, limit) =>
        lastLines(client, id, count, limit),
      ),
    discard: (what, signal) =>
      ask({ doing: `remove ${what.kind}`, withinMs: stopMs, signal }, (client, limit) => discard(client, what, limit)),
  }
}

/** The client hands a signal on with some calls and not with others: an engine that is silent over those is not waited for either. */
async function orAborted<Answer>(limit: AbortSignal, call: (limit: AbortSignal) => Promise<Answer>): Promise<Answer> {
  let stopListening = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = () => reject(limit.reason)
    limit.addEventListener('abort', onAbort, { once: true })
    stopListening = () => limit.removeEventListener('abort', onAbort)
  })
  limit.throwIfAborted()
  return Promise.race([call(limit), aborted]).finally(stopListening)
}

type Call<Client, Answer> = (client: Client, signal: AbortSignal) => Promise<Answer>

function atFirst<Thing>(open: () => Promise<Thing>): () => Promise<Thing> {
  let opened: Promise<Thing> | null = null
  return () => {
    opened ??= open()
    return opened
  }
}

interface Asked {
  /** What an error of the engine is about. */
  readonly doing: string
  readonly withinMs: number
  readonly signal: AbortSignal
}

async function createNetwork(
  client: Docker,
  name: string,
  labels: Readonly<Record<string, string>>,
  abortSignal: AbortSignal,
): Promise<void> {
  if (await hasNetwork(client, name, abortSignal)) return
  try {
    await client.createNetwork({ Name: name, CheckDuplicate: true, Labels: { ...labels }, abortSignal })
  } catch (thrown) {
    // Another instance on this engine may have been a moment faster: the network is shared.
    if (!hasStatus(thrown, 409) || !(await hasNetwork(client, name, abortSignal))) throw thrown
  }
}

async function hasNetwork(client: Docker, name: string, abortSignal: AbortSignal): Promise<boolean> {
  const there = await client.listNetworks({ filters: { name: [name] }, abortSignal })
  return there.some((network) => network.Name === name)
}

async function lastLines(
  client: Docker,
  id: string,
  count: number,
  abortSignal: AbortSignal,
): Promise<readonly string[]> {
  const bytes = await client
    .getContainer(id)
    .logs({ follow: false, stdout: true, stderr: true, tail: count, abortSignal })
  return plainLines(bytes).slice(-count)
}
