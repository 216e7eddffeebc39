import { type ImageReference, repositoryOf } from '../../lib/image-reference.ts'
import type { TaggedDigest, UpdatePolicy } from '../../model/update.ts'
import type { UpdateNotes } from '../../model/update-notes.ts'
import { followsTags, newerTags } from '../../plan/updates/newer-tags.ts'
import type { Questions } from './ask-registries.ts'

/** Newer tags whose digests are asked for: of a hundred releases the last few are worth a question. */
const mostNewer = 5

export type ImageLook =
  | {
      readonly kind: 'seen'
      readonly offered: TaggedDigest
      /** Newest first. */
      readonly newer: readonly TaggedDigest[]
    }
  | { readonly kind: 'failed'; readonly why: string }

/**
 * What a registry has for one image: the digest behind its tag, and newer tags where the channel follows them. A tag that was seen
 * before is not asked for again, but for the newest: released versions stay what they are.
 */
export async function lookAtImage(
  reference: ImageReference,
  current: string,
  policy: UpdatePolicy,
  { questions, notes }: { readonly questions: Questions; readonly notes: UpdateNotes },
): Promise<ImageLook> {
  const listed = followsTags(policy, current) ? await questions.tags(reference) : null
  if (listed?.kind === 'failed') return failure(reference, listed)
  const tags = newerTags(current, listed?.value ?? [], policy).slice(0, mostNewer)
  const newer: TaggedDigest[] = []
  for (const [index, tag] of tags.entries()) {
    const known = index === 0 ? null : lastSeen(notes, reference, tag)
    const answer = known === null ? await questions.digest(reference, tag) : { kind: 'answered' as const, value: known }
    if (answer.kind === 'failed') return failure(reference, answer)
    newer.push({ tag, digest: answer.value })
  }
  const offered = await questions.digest(reference, current)
  if (offered.kind === 'failed') return failure(reference, offered)
  return { kind: 'seen', offered: { tag: current, digest: offered.value }, newer }
}

function lastSeen({ seen }: UpdateNotes, reference: ImageReference, tag: string): string | null {
  return seen[repositoryOf(reference)]?.filter((one) => one.tag === tag).at(-1)?.digest ?? null
}

function failure(
  { registry }: ImageReference,
  { why, retryAtMs }: { readonly why: string; readonly retryAtMs: number | null },
): ImageLook {
  const again = retryAtMs === null ? '' : `, and again at ${new Date(retryAtMs).toISOString().replace(/\.\d+/, '')}`
  return { kind: 'failed', why: `${registry} could not be asked: ${why}${again}` }
}
