import { gitBlobDigest } from '../../../reconciler/lib/digest.ts'
import { StackError } from '../../../reconciler/model/errors.ts'
import type { Digest } from '../../../reconciler/model/names.ts'
import type { InstanceSource, SourceTree } from '../../../reconciler/ports/instance-source.ts'
import type { Texts } from '../texts.ts'
import type { Box } from './box.ts'
import type { Shuffle } from './engine.ts'

/** A repository of texts: its commits, and a work tree that may differ from the last. */
export function fakeSource(box: Box, shuffle: Shuffle): InstanceSource {
  const find = (reference: string) => {
    const found = box.commits.find((one) => one.revision.startsWith(reference))
    if (found !== undefined) return found
    throw new StackError('STACK_GIT_FAILED', `${reference} is no commit`, { hint: 'git log' })
  }
  return {
    head: async () => box.commits.at(-1) ?? null,
    read: async (from) => treeOf(from === 'work-tree' ? box.workTree : find(from).texts, shuffle),
    resolve: async (reference) => find(reference),
    former: async (digest) => {
      const texts = box.commits.flatMap((one) => Object.values(one.texts))
      return texts.find((text) => gitBlobDigest(Buffer.from(text)) === digest) ?? null
    },
    uncommitted: async () => shuffle(differences(box.commits.at(-1)?.texts ?? {}, box.workTree)),
  }
}

function treeOf(texts: Texts, shuffle: Shuffle): SourceTree {
  const files = shuffle(Object.keys(texts).sort()).map((path) => ({
    path,
    digest: gitBlobDigest(Buffer.from(texts[path] ?? '')) as Digest,
    kind: 'file' as const,
    leavesRoot: false,
  }))
  return { files, text: async (path) => texts[path] ?? null }
}

function differences(one: Texts, other: Texts): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((path) => one[path] !== other[path]).sort()
}
