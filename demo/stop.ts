import { access, rm } from 'node:fs/promises'
import type Docker from 'dockerode'
import { engineFolders } from '../reconciler/adapters/engine/engine-config.ts'
import { startEngine } from '../reconciler/adapters/engine/start-engine.ts'
import { runningEngine, stopEngine } from '../reconciler/adapters/engine/stop-engine.ts'
import { unpackEngine } from '../reconciler/adapters/engine/unpack-engine.ts'
import { StackError } from '../reconciler/model/errors.ts'
import { image } from './bring-image.ts'
import { type CopyState, readState } from './copy-state.ts'
import { privateAddress } from './demo-engine.ts'
import { engineAt } from './find-engine.ts'
import { ownThings } from './own-things.ts'
import type { Places } from './places.ts'
import { shortPath, type Voice } from './voice.ts'

/** Takes away what the demo made, and nothing else: containers, network, image, its engine, its copy. */
export async function stopDemo(places: Places, voice: Voice): Promise<void> {
  const state = await readState(places.copy)
  const isRunning = (await runningEngine(engineFolders(places.engine))) !== undefined
  if (state === null && !isRunning && !(await exists(places.copy))) return voice.line('Nothing of the demo is here.')

  if (state !== null) await clearEngine(state, places, voice)
  if (state === null || isOnPrivate(state, places)) await stopPrivateEngine(places, voice)
  await rm(places.copy, { recursive: true, force: true })
  voice.line(`Removed ${shortPath(places.copy)}.`)
  if (await exists(places.parts))
    voice.line(`Docker stays unpacked in ${shortPath(places.parts)} for the next time; that folder can be removed.`)
}

function isOnPrivate({ endpoint }: CopyState, places: Places): boolean {
  return endpoint.address === privateAddress(places)
}

async function clearEngine(state: CopyState, places: Places, voice: Voice): Promise<void> {
  const isPrivate = isOnPrivate(state, places)
  if (isPrivate) await startEngine({ binaries: await unpackEngine({ folder: places.parts }), folder: places.engine })
  const found = await engineAt(state.endpoint)
  if (found.kind === 'silent') {
    throw new StackError('STACK_ENGINE_UNREACHABLE', found.error.message, {
      hint: `start it and repeat: the demo's containers are there. Without it, remove ${places.copy} yourself`,
      cause: found.error,
    })
  }
  const { containers, networks } = await ownThings(found.client, places.copy)
  for (const { id, name } of containers) {
    await found.client.getContainer(id).remove({ force: true, v: true }).catch(unlessGone)
    voice.line(`Removed container ${name}.`)
  }
  for (const network of networks) await removeNetwork(found.client, network, voice)
  if (state.broughtImage && !isPrivate) await removeImage(found.client, voice)
}

/** Others may have joined it since: then it is theirs as well. */
async function removeNetwork(
  client: Docker,
  { id, name }: { readonly id: string; readonly name: string },
  voice: Voice,
): Promise<void> {
  const { Containers: attached = {} } = (await client.getNetwork(id).inspect()) as Docker.NetworkInspectInfo
  if (Object.keys(attached).length > 0) return voice.line(`Network ${name} stays: other containers are attached to it.`)
  await client.getNetwork(id).remove().catch(unlessGone)
  voice.line(`Removed network ${name}.`)
}

/** Without force: an image that a container uses is left. */
async function removeImage(client: Docker, voice: Voice): Promise<void> {
  const isRemoved = await client
    .getImage(image)
    .remove()
    .then(
      () => true,
      () => false,
    )
  if (isRemoved) voice.line(`Removed image ${image}.`)
}

async function stopPrivateEngine(places: Places, voice: Voice): Promise<void> {
  if ((await runningEngine(engineFolders(places.engine))) === undefined) return
  await stopEngine(places.engine)
  voice.line('Stopped the private Docker engine.')
}

function unlessGone(thrown: { readonly statusCode?: number }): void {
  if (thrown.statusCode !== 404) throw thrown
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
