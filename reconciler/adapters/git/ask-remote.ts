import type { Revision } from '../../model/names.ts'
import type { RemoteBranch } from './remote-branch.ts'
import { type Clone, speakToRemote } from './speak-to-remote.ts'

export type RemoteHead =
  | { readonly kind: 'at'; readonly revision: Revision }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unreachable'; readonly why: string }

/** Where a branch stands at its remote. No object travels, and nothing is written. */
export async function askRemote(clone: Clone, { remote, ref }: RemoteBranch): Promise<RemoteHead> {
  const spoken = await speakToRemote(clone, ['ls-remote', '--quiet', '--', remote, ref])
  if ('why' in spoken) return { kind: 'unreachable', why: spoken.why }
  // It also lists refs that only end like ours.
  const line = spoken.said.split('\n').find((one) => one.endsWith(`\t${ref}`))
  return line === undefined ? { kind: 'gone' } : { kind: 'at', revision: line.slice(0, 40) as Revision }
}

const fetched = 'refs/stack/fetched'

/** The same, and brings its commits here. No branch moves, and no tracking ref: those say what was there before. */
export async function fetchBranch(clone: Clone, { remote, ref }: RemoteBranch): Promise<RemoteHead> {
  const words = ['fetch', '--progress', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--refmap=']
  const spoken = await speakToRemote(clone, [...words, '--', remote, `+${ref}:${fetched}`])
  if ('why' in spoken) {
    return /couldn't find remote ref/.test(spoken.why) ? { kind: 'gone' } : { kind: 'unreachable', why: spoken.why }
  }
  const revision = (await clone.git.text('rev-parse', '--verify', fetched)) as Revision
  await clone.git.text('update-ref', '-d', fetched)
  return { kind: 'at', revision }
}
