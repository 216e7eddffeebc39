import type { WritingGit } from './write-git.ts'

/** A branch of another repository that this one goes with. */
export interface RemoteBranch {
  /** A remote's name, or its address. */
  readonly remote: string
  /** `refs/heads/main` */
  readonly ref: string
}

export interface WantedRemote {
  readonly remote: string | null
  readonly branch: string | null
}

/** What stack.toml names, else the upstream of the branch, else its namesake at `origin`; null without any, or off a branch. */
export async function remoteBranch(git: WritingGit, wanted: WantedRemote): Promise<RemoteBranch | null> {
  const [listed, branch] = await Promise.all([
    git.text('remote'),
    git.textOrNull('symbolic-ref', '--quiet', '--short', 'HEAD'),
  ])
  const remotes = listed.split('\n')
  if (branch === null || (wanted.remote === null && remotes[0] === '')) return null
  const namesake = `refs/heads/${wanted.branch ?? branch}`
  if (wanted.remote !== null) return { remote: wanted.remote, ref: namesake }

  const format = '--format=%(upstream:remotename)%00%(upstream:remoteref)'
  const [remote = '', ref = ''] = (await git.text('for-each-ref', format, `refs/heads/${branch}`)).split('\0')
  if (remotes.includes(remote) && ref !== '') return { remote, ref: wanted.branch === null ? ref : namesake }
  return remotes.includes('origin') ? { remote: 'origin', ref: namesake } : null
}

/** `main` */
export function branchOf({ ref }: RemoteBranch): string {
  return ref.replace('refs/heads/', '')
}
