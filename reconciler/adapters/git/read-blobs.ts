import { StackError } from '../../model/errors.ts'
import type { Git } from './run-git.ts'

/** Their bytes by id, read in one go. */
export async function readBlobs(
  git: Git,
  blobs: readonly { readonly id: string }[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  return blobs.length === 0 ? new Map() : contentsIn(await git.batch(blobs.map(({ id }) => id)))
}

/** `<id> blob <bytes><LF><content><LF>`, again and again; `<id> missing<LF>` where the repository has lost one. */
function contentsIn(batch: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const contents = new Map<string, Uint8Array>()
  for (let from = 0; from < batch.length; ) {
    const start = batch.indexOf(0x0a, from) + 1
    const [id = '', type, bytes] = new TextDecoder().decode(batch.subarray(from, start - 1)).split(' ')
    if (type !== 'blob') throw lostBlob(id)
    from = start + Number(bytes) + 1
    contents.set(id, batch.subarray(start, from - 1))
  }
  return contents
}

function lostBlob(id: string): StackError {
  return new StackError('STACK_GIT_FAILED', `the repository has lost ${id}, which the commit needs`, {
    hint: 'run git fsck; a new clone has everything, a shallow or partial one may not',
  })
}
