import type Docker from 'dockerode'
import type { Discardable } from '../../ports/container-engine.ts'

/** Removes what nobody uses and answers the names of what is gone; what is gone already, or in use, is left out. */
export async function discard(client: Docker, what: Discardable, abortSignal: AbortSignal): Promise<readonly string[]> {
  if (what.kind === 'network') return discardNetwork(client, what.name, abortSignal)
  if (what.kind === 'volume') {
    return (await attempt(() => client.getVolume(what.name).remove({ abortSignal }))) ? [what.name] : []
  }
  const filters = { label: [`com.docker.compose.project=${what.project}`] }
  const { Volumes } = await client.listVolumes({ filters, abortSignal })
  const gone: string[] = []
  for (const { Name } of Volumes ?? []) {
    if (await attempt(() => client.getVolume(Name).remove({ abortSignal }))) gone.push(Name)
  }
  return gone.sort()
}

/** The engine would remove a network under a container that is stopped, which could not be started again. */
async function discardNetwork(client: Docker, name: string, abortSignal: AbortSignal): Promise<readonly string[]> {
  const attached = await client.listContainers({ all: true, filters: { network: [name] }, abortSignal })
  if (attached.length > 0) return []
  return (await attempt(() => client.getNetwork(name).remove({ abortSignal }))) ? [name] : []
}

/** The engine refuses to remove what somebody is attached to: 403 for a network, 409 for a volume. */
async function attempt(remove: () => Promise<unknown>): Promise<boolean> {
  try {
    await remove()
    return true
  } catch (thrown) {
    const status = (thrown as { readonly statusCode?: number }).statusCode ?? 0
    if ([403, 404, 409].includes(status)) return false
    throw thrown
  }
}
