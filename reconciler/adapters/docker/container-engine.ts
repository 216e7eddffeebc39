import type Docker from 'dockerode'
import type { ObservedContainer } from '../../model/actual.ts'
import type { ContainerAction, ContainerEngine, EngineLook, EngineQuestion } from '../../ports/container-engine.ts'
import { connect, engineError, unreachable } from './connect.ts'
import { discard } from './discard.ts'
import type { Endpoint } from './endpoint.ts'
import { plainLines } from './log-lines.ts'
import { isAskedFor, observedContainer } from './observed-container.ts'

/** Inspect calls under way at once: the engine answers them from memory, one kept-alive connection each. */
const inspectLanes = 8

/** An engine that takes longer to answer hangs. Stopping waits for the container's own grace period, which may be long. */
const answerMs = 30_000
const stopMs = 300_000

/** The engine at this endpoint. Connects at the first call. */
export function dockerEngine(findEndpoint: () => Promise<Endpoint>): ContainerEngine {
  let opened: Promise<{ readonly client: Docker; readonly endpoint: Endpoint }> | null = null
  const open = () => {
    opened ??= findEndpoint().then(async (endpoint) => ({ client: await connect(endpoint), endpoint }))
    return opened
  }
  async function ask<Answer>(
    asked: Asked,
    call: (client: Docker, signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const { client, endpoint } = await open()
    const late = AbortSignal.timeout(asked.withinMs)
    try {
      return await call(client, AbortSignal.any([late, asked.signal]))
    } catch (thrown) {
      asked.signal.throwIfAborted()
      if (late.aborted) throw unreachable(endpoint, `no answer within ${asked.withinMs / 1000} s`, thrown)
      throw engineError(thrown, endpoint, asked.doing)
    }
  }
  return {
    look: (question, signal) =>
      ask({ doing: 'looking at the engine', withinMs: answerMs, signal }, (client, limit) =>
        look(client, question, limit),
      ),
    act: (action, id, signal) =>
      ask({ doing: `${action} ${id.slice(0, 12)}`, withinMs: stopMs, signal }, (client, limit) =>
        act(client, action, id, limit),
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

interface Asked {
  /** What an error of the engine is about. */
  readonly doing: string
  readonly withinMs: number
  readonly signal: AbortSignal
}

async function look(client: Docker, question: EngineQuestion, signal: AbortSignal): Promise<EngineLook> {
  const [listed, networks, images] = await Promise.all([
    client.listContainers({ all: true, abortSignal: signal }),
    client.listNetworks({ abortSignal: signal }),
    presentImages(client, question.images),
  ])
  const ids = listed.filter((one) => isAskedFor(one, question)).map((one) => one.Id)
  const containers = await inLanes(ids, (id) => inspect(client, id, signal))
  return {
    containers: containers.filter((one) => one !== null).sort((one, other) => (one.name < other.name ? -1 : 1)),
    networks: networks.map((network) => network.Name).sort(),
    images,
  }
}

/** Null when the container is gone since it was listed. */
async function inspect(client: Docker, id: string, signal: AbortSignal): Promise<ObservedContainer | null> {
  try {
    return observedContainer(await client.getContainer(id).inspect({ abortSignal: signal }))
  } catch (thrown) {
    if (hasStatus(thrown, 404)) return null
    throw thrown
  }
}

/** The engine itself knows best which of its images a reference means. */
async function presentImages(client: Docker, references: readonly string[]): Promise<readonly string[]> {
  const found = await inLanes(references, async (reference) => {
    try {
      await client.getImage(reference).inspect()
      return reference
    } catch (thrown) {
      if (hasStatus(thrown, 404) || hasStatus(thrown, 400)) return null
      throw thrown
    }
  })
  return found.filter((reference) => reference !== null)
}

async function act(client: Docker, action: ContainerAction, id: string, abortSignal: AbortSignal): Promise<void> {
  const container = client.getContainer(id)
  try {
    switch (action) {
      case 'start':
        return void (await container.start({ abortSignal }))
      case 'stop':
        return void (await container.stop({ abortSignal }))
      case 'remove':
        return void (await container.remove({ force: true, abortSignal }))
      case 'pause':
        return void (await container.pause())
      case 'unpause':
        return void (await container.unpause())
    }
  } catch (thrown) {
    const isSoAlready = hasStatus(thrown, 304) || (action === 'remove' && hasStatus(thrown, 404))
    if (!isSoAlready) throw thrown
  }
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

async function inLanes<Item, Answer>(items: readonly Item[], work: (item: Item) => Promise<Answer>): Promise<Answer[]> {
  const answers = new Array<Answer>(items.length)
  const queue = items.entries()
  const lanes = Array.from({ length: Math.min(inspectLanes, items.length) }, async () => {
    for (const [index, item] of queue) answers[index] = await work(item)
  })
  await Promise.all(lanes)
  return answers
}

function hasStatus(thrown: unknown, status: number): boolean {
  return (thrown as { statusCode?: number }).statusCode === status
}
