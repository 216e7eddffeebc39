import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { stackCommand } from '../../demo/places.ts'
import { bareEngine } from '../bare-engine.ts'
import { commitAll, removeTwins, stack, type Twins, writeTwins } from '../instance.ts'
import type { Contest, Ground, Row } from '../row.ts'
import { type Engine, untilRunning } from '../until-running.ts'

/** A program dies, and nobody but us starts it again. */
export const killed: Row = {
  key: 'killed',
  name: 'killed, until it runs again',
  goals: [{ side: 'POST /start at the same event', atMost: 1.5 }],
  setup,
}

/** A daemon takes its time over what dies again and again: each time it is another's turn. */
const victims = 12

async function setup(ground: Ground): Promise<Contest> {
  const twins = await writeTwins(ground, 'k', victims)
  await withoutRestart(ground, twins)
  await stack(ground, twins, 'reconcile')
  const peer = twins.peerIds[0] ?? ''
  await ground.call(['docker', 'compose', '--file', `${peer}/docker-compose.yml`, 'up', '-d'], twins.peers)
  const bare = bareEngine(ground.socket)
  const engine: Engine = { socket: ground.socket, bare }
  const daemon = await startDaemon(ground, twins)
  let deaths = 0
  const nextVictim = () => {
    deaths += 1
    return `stack-${twins.ids[deaths % victims]}`
  }
  return {
    sides: [
      {
        name: 'stack daemon',
        prepare: () => sleep(500),
        work: () => untilRunning(engine, nextVictim(), null),
      },
      {
        name: 'POST /start at the same event',
        prepare: () => sleep(500),
        work: () => untilRunning(engine, peer, () => bare.ask('POST', `/containers/${peer}/start`)),
      },
    ],
    async cleanUp() {
      const ended = once(daemon, 'exit')
      if (daemon.kill('SIGTERM')) await ended
      bare.close()
      await removeTwins(ground, twins)
    },
  }
}

/** Else the engine itself would start it. */
async function withoutRestart({ env }: Ground, { instance, peers, ids, peerIds }: Twins): Promise<void> {
  const files = [
    ...ids.map((id) => join(instance, 'stacklets', id, 'docker-compose.yml')),
    ...peerIds.map((id) => join(peers, id, 'docker-compose.yml')),
  ]
  for (const file of files) {
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('restart: unless-stopped', 'restart: "no"'))
  }
  await commitAll(instance, env, 'Nothing starts by itself')
}

async function startDaemon({ env }: Ground, { instance }: Twins) {
  const [node = '', ...words] = stackCommand()
  const daemon = spawn(node, [...words, 'daemon'], {
    cwd: instance,
    env: { ...env, STACK_LOG: 'debug' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const isReady = new Promise<void>((resolve) => {
    // Read to its end: a daemon that cannot write its log any more would end.
    daemon.stdout.on('data', (chunk: Buffer) => {
      if (String(chunk).includes('nothing to do')) resolve()
    })
  })
  await isReady
  return daemon
}
