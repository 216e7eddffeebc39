import type { Upstream } from '../../../reconciler/ports/upstream.ts'
import type { Box } from './box.ts'

/** A repository without a remote: its own last commit is all there is. */
export function fakeUpstream(box: Box): Upstream {
  return {
    peek: async () => ({ kind: 'none', local: box.commits.at(-1)?.revision ?? null }),
    follow: async () => ({ kind: 'none', removedLocks: [] }),
    places: async () => [],
  }
}
