import type Docker from 'dockerode'
import type { Repair } from '../../model/repair.ts'
import type { ContainerAction } from '../../ports/container-engine.ts'
import { hasStatus } from './connect.ts'
import { attached } from './normal-values.ts'
import { updateFor } from './update-for.ts'

/** Does one thing to one container. What is so already counts as done. */
export async function actOn(
  client: Docker,
  action: ContainerAction | Repair,
  id: string,
  abortSignal: AbortSignal,
): Promise<void> {
  try {
    await (typeof action === 'string' ? act(client, action, id, abortSignal) : repair(client, action, id, abortSignal))
  } catch (thrown) {
    const isGone = hasStatus(thrown, 404) && (action === 'remove' || isDisconnect(action))
    if (!hasStatus(thrown, 304) && !isGone) throw thrown
  }
}

function isDisconnect(action: ContainerAction | Repair): boolean {
  return typeof action !== 'string' && action.kind === 'disconnect'
}

async function act(client: Docker, action: ContainerAction, id: string, abortSignal: AbortSignal): Promise<void> {
  const container = client.getContainer(id)
  switch (action) {
    case 'start':
      return void (await container.start({ abortSignal }))
    case 'stop':
      return void (await container.stop({ abortSignal }))
    case 'restart':
      return void (await container.restart({ abortSignal }))
    case 'remove':
      return void (await container.remove({ force: true, abortSignal }))
    case 'pause':
      return void (await container.pause())
    case 'unpause':
      return void (await container.unpause())
  }
}

async function repair(client: Docker, what: Repair, id: string, abortSignal: AbortSignal): Promise<void> {
  const container = client.getContainer(id)
  switch (what.kind) {
    case 'rename':
      return void (await container.rename({ name: what.to, abortSignal }))
    case 'update':
      return void (await container.update(updateFor(what.limits, (await client.info()).NCPU)))
    case 'disconnect':
      return void (await client.getNetwork(what.network).disconnect({ Container: id, Force: true }))
    case 'connect':
      return void (await client
        .getNetwork(what.network)
        .connect({ Container: id, EndpointConfig: endpointConfig(what.endpoint) }))
  }
}

function endpointConfig(endpoint: string): object {
  const words = endpoint === attached ? [] : endpoint.split(' ')
  const addresses = words.filter((word) => word.startsWith('ip=')).map((word) => word.slice('ip='.length))
  const Aliases = words.filter((word) => !word.startsWith('ip='))
  const IPv4Address = addresses.find((address) => !address.includes(':'))
  const IPv6Address = addresses.find((address) => address.includes(':'))
  return { Aliases, IPAMConfig: { ...(IPv4Address && { IPv4Address }), ...(IPv6Address && { IPv6Address }) } }
}
