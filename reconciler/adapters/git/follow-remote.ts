import { StackError } from '../../model/errors.ts'
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
  const remotes = (await git.text('remote')).split('\n')
  if (wanted.remote === null && remotes[0] === '') return null
  const branch = await git.textOrNull('symbolic-ref', '--quiet', '--short', 'HEAD')
  if (branch === null) return null
  const namesake = `refs/heads/${wanted.branch ?? branch}`
  if (wanted.remote !== null) return { remote: wanted.remote, ref: namesake }

  const format = '--format=%(upstream:remotename)%00%(upstream:remoteref)'
  const [remote = '', ref = ''] = (await git.text('for-each-ref', format, `refs/heads/${branch}`)).split('\0')
  if (remotes.includes(remote) && ref !== '') return { remote, ref }
  return remotes.includes('origin') ? { remote: 'origin', ref: namesake } : null
}

const fetched = 'refs/stack/fetched'

/** Brings what is new there, without which our push would be refused. Answers what a person should know. */
export async function followRemote(git: WritingGit, { remote, ref }: RemoteBranch): Promise<readonly string[]> {
  try {
    await git.text('fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--', remote, `+${ref}:${fetched}`)
  } catch (error) {
    return says(error, /couldn't find remote ref/) ? [] : [`${remote} could not be fetched: ${wordsOf(error)}`]
  }
  try {
    await git.patiently('merge', '--quiet', '--ff-only', fetched)
    return []
  } catch (error) {
    return [`this clone does not follow ${nameOf(remote, ref)}: ${wordsOf(error)}`]
  } finally {
    await git.textOrNull('update-ref', '-d', fetched)
  }
}

/** Never forced: what is refused stays here as a commit. */
export async function pushTo(git: WritingGit, { remote, ref }: RemoteBranch): Promise<readonly string[]> {
  try {
    await git.text('push', '--quiet', '--no-verify', '--', remote, `HEAD:${ref}`)
    return []
  } catch (error) {
    return [`committed here, and not pushed to ${nameOf(remote, ref)}: ${wordsOf(error)}`]
  }
}

function nameOf(remote: string, ref: string): string {
  return `${remote} ${ref.replace('refs/heads/', '')}`
}

function says(error: unknown, words: RegExp): boolean {
  return error instanceof StackError && error.output.some((line) => words.test(line))
}

/** git's reason without its preamble. What is no failure of git's is thrown on. */
function wordsOf(error: unknown): string {
  if (!(error instanceof StackError)) throw error
  const rejected = error.output.find((line) => line.includes('! ['))
  return rejected?.replace(/^.*! \[[^\]]*\]\s*/, '').trim() ?? error.message.replace(/^git \S+ failed in .*?: /, '')
}
