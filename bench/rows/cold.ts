import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import { type BareEngine, bareEngine } from '../bare-engine.ts'
import { composeFour, composeLoopOf, removeContainers, removeTwins, stack, writeTwins } from '../instance.ts'
import type { Contest, Ground, Row } from '../row.ts'

/** Nothing runs, and everything shall. */
export const cold: Row = {
  key: 'cold',
  name: 'cold start',
  goals: [
    { side: 'docker compose up -d of each, one after another', atMost: 0.55 },
    { side: 'the engine calls alone, four at a time', atMost: 1.2 },
  ],
  setup,
}

async function setup(ground: Ground): Promise<Contest> {
  const twins = await writeTwins(ground, 'c', Math.min(ground.count, 20))
  const bare = bareEngine(ground.socket)
  const ours = twins.ids.map((id) => `stack-${id}`)
  const prepare = async () => {
    await removeContainers(ground, [...ours, ...twins.peerIds])
    await rm(join(twins.instance, '.stack'), { recursive: true, force: true })
  }
  // The network that all share is there from the first run on.
  await stack(ground, twins, 'reconcile')
  return {
    sides: [
      { name: 'stack reconcile', prepare, work: () => stack(ground, twins, 'reconcile') },
      { name: 'docker compose up -d of each, one after another', prepare, work: () => composeLoopOf(ground, twins) },
      { name: 'the plugin, four at a time', prepare, work: () => composeFour(ground, twins) },
      {
        name: 'the engine calls alone, four at a time',
        prepare,
        work: () => bare.each(twins.peerIds, 4, (name) => started(bare, name, ground.image)),
      },
    ],
    async cleanUp() {
      bare.close()
      await removeTwins(ground, twins)
    },
  }
}

async function started(bare: BareEngine, name: string, Image: string): Promise<void> {
  const HostConfig = { NetworkMode: 'stack', Init: true, RestartPolicy: { Name: 'unless-stopped' } }
  await bare.ask('POST', `/containers/create?name=${name}`, { Image, Cmd: ['sleep', '86400'], HostConfig })
  await bare.ask('POST', `/containers/${name}/start`)
}
