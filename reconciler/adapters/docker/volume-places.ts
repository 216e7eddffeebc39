import type { VolumePlaces } from '../../ports/volume-places.ts'
import { connect, engineError, hasStatus } from './connect.ts'
import type { Endpoint } from './endpoint.ts'

/** The volumes of the engine at this endpoint. One that a plugin mounts only for its containers has no place to copy. */
export function dockerVolumes(findEndpoint: () => Promise<Endpoint>): VolumePlaces {
  return async (names, signal) => {
    if (names.length === 0) return new Map()
    const endpoint = await findEndpoint()
    const client = await connect(endpoint)
    const found = await Promise.all(
      names.map(async (name) => {
        try {
          const { Driver, Mountpoint, Options } = await client.getVolume(name).inspect({ abortSignal: signal })
          return Driver === 'local' && Object.keys(Options ?? {}).length === 0 ? [[name, Mountpoint] as const] : []
        } catch (thrown) {
          signal.throwIfAborted()
          if (hasStatus(thrown, 404)) return []
          throw engineError(thrown, endpoint, `looking at volume ${name}`)
        }
      }),
    )
    return new Map(found.flat())
  }
}
