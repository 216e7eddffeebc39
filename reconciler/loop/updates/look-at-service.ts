import { parseImageReference, repositoryOf, tagMeant } from '../../lib/image-reference.ts'
import { serviceOfLine } from '../../model/locked-image.ts'
import type { ServiceUpdate, UpdatePolicy } from '../../model/update.ts'
import type { UpdateNotes } from '../../model/update-notes.ts'
import { policyFor } from '../../plan/updates/policy-for.ts'
import type { RunningService } from '../../plan/updates/running-services.ts'
import type { SightedDigest } from '../../plan/updates/sightings.ts'
import type { StoredImage } from '../../ports/image-store.ts'
import type { Questions } from './ask-registries.ts'
import { type ImageLook, lookAtImage } from './look-at-image.ts'

/** One service: what it runs, what it may, and what a registry has for it. */
export interface Looked {
  readonly running: RunningService
  readonly policy: UpdatePolicy
  readonly repository: string
  readonly current: ServiceUpdate['current']
  readonly look: ImageLook | { readonly kind: 'fixed'; readonly why: string }
}

export async function lookAtService(
  running: RunningService,
  stored: StoredImage | undefined,
  around: { readonly questions: Questions; readonly notes: UpdateNotes },
): Promise<Looked> {
  const { stacklet, name, image, line } = running
  const policy = policyFor(stacklet, serviceOfLine(name), image)
  const reference = parseImageReference(image)
  if (reference === null) {
    const current = { tag: null, digest: null }
    return { running, policy, repository: image, current, look: { kind: 'failed', why: `${image} is no image` } }
  }
  const repository = repositoryOf(reference)
  const current = line ?? {
    tag: tagMeant(reference),
    digest: reference.digest ?? localDigest(repository, stored),
  }
  if (current.tag === null || reference.digest !== null) {
    const why = 'its file names the digest itself'
    return { running, policy, repository, current, look: { kind: 'fixed', why } }
  }
  return { running, policy, repository, current, look: await lookAtImage(reference, current.tag, policy, around) }
}

/** What the registry called it when it was pulled; null for what was built or imported here. */
function localDigest(repository: string, image: StoredImage | undefined): string | null {
  const known = (image?.digests ?? []).map(parseImageReference)
  return known.find((one) => one !== null && repositoryOf(one) === repository)?.digest ?? null
}

/** What runs is seen as well: what its tag was before that is no news. */
export function sightingsIn({ repository, current, look: seen }: Looked): readonly SightedDigest[] {
  if (seen.kind !== 'seen') return []
  const { tag, digest } = current
  const own = tag === null || digest === null ? [] : [{ tag, digest }]
  return [...own, ...seen.newer, seen.offered].map((one) => ({ repository, ...one }))
}
