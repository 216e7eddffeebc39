import { familiarName, parseImageReference } from '../../lib/image-reference.ts'
import { eachAtOnce } from '../each-at-once.ts'
import { errorAndRemedy } from '../report-error.ts'
import type { CheckedService } from './decided-service.ts'
import type { UpdateParts } from './update-parts.ts'

/** What is to be taken, and whether it is here now: null, or why not. */
export interface Fetched {
  readonly service: CheckedService
  readonly failure: string | null
}

const lanes = 2

/** Brings the images that are to be taken, before anything says so in git: a pull that breaks leaves no trace there. */
export async function fetchImages(
  parts: UpdateParts,
  chosen: readonly CheckedService[],
  signal: AbortSignal,
): Promise<readonly Fetched[]> {
  const pulls = new Map<string, Promise<string | null>>()
  return eachAtOnce(chosen, lanes, async (service) => {
    const reference = byDigest(service.image, digestOf(service))
    const { verify, verifyKey: key, verifyLog: log } = service.policy
    const doubt = verify === null ? null : await parts.verifier.verify({ reference, key, log }, signal)
    if (doubt !== null) return { service, failure: doubt }
    const pull = pulls.get(reference) ?? fetchOne(parts, reference, signal)
    pulls.set(reference, pull)
    return { service, failure: await pull }
  })
}

/** `name@sha256:…` */
export function byDigest(image: string, digest: string): string {
  const reference = parseImageReference(image)
  return `${reference === null ? image : familiarName(reference)}@${digest}`
}

function digestOf({ decision }: CheckedService): string {
  return decision.kind === 'update' ? decision.to.digest : ''
}

async function fetchOne(
  { registry, world: { images } }: UpdateParts,
  reference: string,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const host = parseImageReference(reference)?.registry ?? ''
    await images.pull(reference, await registry.login(host, signal), signal)
    return null
  } catch (thrown) {
    signal.throwIfAborted()
    return errorAndRemedy(thrown)
  }
}
