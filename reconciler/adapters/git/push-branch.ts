import type { RemoteBranch } from './remote-branch.ts'
import { type Clone, speakToRemote } from './speak-to-remote.ts'

export type Pushed = { readonly kind: 'pushed' } | { readonly kind: 'behind' | 'refused'; readonly why: string }

/** Never forced. `behind`: somebody pushed in between, and what they pushed has to be brought here first. */
export async function pushBranch(clone: Clone, { remote, ref }: RemoteBranch): Promise<Pushed> {
  const spoken = await speakToRemote(clone, ['push', '--progress', '--no-verify', '--', remote, `HEAD:${ref}`])
  if (!('why' in spoken)) return { kind: 'pushed' }
  const isBehind = /\((?:fetch first|non-fast-forward|cannot lock ref|failed to update ref|incorrect old value)/
  return { kind: isBehind.test(spoken.why) ? 'behind' : 'refused', why: spoken.why }
}
