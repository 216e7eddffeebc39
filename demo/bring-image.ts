import type Docker from 'dockerode'
import { importBusybox } from '../reconciler/adapters/engine/import-busybox.ts'
import { StackError } from '../reconciler/model/errors.ts'
import type { DemoEngine } from './demo-engine.ts'
import type { Voice } from './voice.ts'

/** The one image of the shipped example. */
export const image = 'busybox:1.36'

const askMs = 10_000

/**
 * Makes sure that the image can be had. Where the engine reaches Docker Hub, nothing is done: pulling it is a step of the plan. Else
 * it is made from Debian's package. Answers whether the image was not there before.
 */
export async function bringImage({ client, endpoint, parts }: DemoEngine, voice: Voice): Promise<boolean> {
  if (await hasImage(client)) return false
  const refusal = await askRegistry(client)
  if (refusal === null) return true

  voice.line(`${image} cannot be pulled here, so it is made from Debian's package busybox-static.`)
  try {
    await importBusybox({ binaries: await parts(), dockerHost: endpoint.address, image })
    return true
  } catch (cause) {
    throw new StackError('STACK_ENGINE_REFUSED', `${image} can neither be pulled (${refusal}) nor made here`, {
      hint: `let the engine reach Docker Hub, or load the image yourself: docker load`,
      cause,
      output: [String((cause as Error).message)],
    })
  }
}

async function hasImage(client: Docker): Promise<boolean> {
  return client
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    )
}

/** Asks the registry through the engine, which alone knows its proxies and mirrors; null when it has the image, else why not. */
function askRegistry({ modem }: Docker): Promise<string | null> {
  const question = {
    path: `/distribution/${image}/json`,
    method: 'GET',
    abortSignal: AbortSignal.timeout(askMs),
    statusCodes: { 200: true, 401: 'it asks for a login', 500: 'it cannot be reached' },
  }
  return new Promise((resolve) => {
    modem.dial(question, (error: { readonly message: string } | null) => resolve(error === null ? null : error.message))
  })
}
