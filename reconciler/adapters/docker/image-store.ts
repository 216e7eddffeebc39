import type Docker from 'dockerode'
import type { ImageStore } from '../../ports/image-store.ts'
import { connect, engineError, hasStatus } from './connect.ts'
import type { Endpoint } from './endpoint.ts'

/** The images of the engine at this endpoint. Connects at the first call. */
export function dockerImages(findEndpoint: () => Promise<Endpoint>): ImageStore {
  let opened: Promise<{ readonly client: Docker; readonly endpoint: Endpoint }> | null = null
  const open = () => {
    opened ??= findEndpoint().then(async (endpoint) => ({ client: await connect(endpoint), endpoint }))
    return opened
  }
  return {
    async tag(imageId, reference, abortSignal) {
      const { client, endpoint } = await open()
      try {
        await client.getImage(imageId).tag({ ...nameAndTag(reference), abortSignal })
        return true
      } catch (thrown) {
        abortSignal.throwIfAborted()
        if (hasStatus(thrown, 404)) return false
        throw engineError(thrown, endpoint, `tag ${reference}`)
      }
    },
  }
}

/** A colon before a slash belongs to the registry's port. */
function nameAndTag(reference: string): { repo: string; tag: string } {
  const colon = reference.lastIndexOf(':')
  if (colon <= reference.lastIndexOf('/')) return { repo: reference, tag: 'latest' }
  return { repo: reference.slice(0, colon), tag: reference.slice(colon + 1) }
}
