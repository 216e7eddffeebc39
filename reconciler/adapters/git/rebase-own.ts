import { StackError } from '../../model/errors.ts'
import type { Revision } from '../../model/names.ts'
import { inSomeonesName } from './commit-only.ts'
import { gitFailed } from './git-failed.ts'
import type { Clone } from './speak-to-remote.ts'
import { startGit } from './write-git.ts'

export type Rebased = { readonly head: Revision; readonly count: number } | { readonly conflict: string }

/**
 * The commits anew, in their order, on top of another one: author and message stay, what is there already is left out. Only
 * objects are made; no file, branch or index changes. `conflict` says which commit cannot be, and why.
 */
export async function rebaseOwn(
  clone: Clone,
  commits: readonly Revision[],
  onto: Revision,
  signing: readonly string[],
): Promise<Rebased> {
  let head = onto
  let count = 0
  for (const commit of commits) {
    const tree = await mergedTree(clone, commit, head)
    if (tree === null) return { conflict: await clone.git.text('log', '-1', '--format=%h %s', commit) }
    if (tree === (await clone.git.text('rev-parse', `${head}^{tree}`))) continue
    head = await commitAgain(clone, { commit, tree, parent: head }, signing)
    count += 1
  }
  return { head, count }
}

/**
 * The files of `head` with what `commit` changed; null where both changed the same, where it is a merge, and where git is older
 * than 2.38. What git merges on is where two commits part: one that was never made, with the files of `head`, parts at the right place.
 */
async function mergedTree({ instance, git, signal }: Clone, commit: Revision, head: Revision): Promise<string | null> {
  const [, parent, ...more] = (await git.text('rev-list', '--parents', '-1', commit)).split(' ')
  if (parent === undefined || more.length > 0) return null
  const bridge = await inSomeonesName(git.text, ['commit-tree', '-m', 'bridge', '-p', parent, `${head}^{tree}`])
  const ran = await startGit(instance, ['merge-tree', '--write-tree', '--no-messages', bridge, commit], { signal })
  return ran.exitCode === 0 ? ran.stdout.trim() : null
}

interface NewCommit {
  readonly commit: Revision
  readonly tree: string
  readonly parent: Revision
}

async function commitAgain(clone: Clone, { commit, tree, parent }: NewCommit, signing: readonly string[]) {
  const format = '--format=%an%x00%ae%x00%ad%x00%B'
  const [name = '', email = '', date = '', message = ''] = (
    await clone.git.text('log', '-1', '--date=raw', '--no-show-signature', format, commit)
  ).split('\0')
  const env = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: `@${date}` }
  const sign = signing.length > 0 ? ['-S'] : []
  const words = [...signing, 'commit-tree', ...sign, '-m', message.trimEnd(), '-p', parent, tree]
  return (await inSomeonesName((...argv) => textOf(clone, argv, env), words)) as Revision
}

async function textOf(
  { instance, signal }: Clone,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const ran = await startGit(instance, argv, { signal, env })
  if (ran.exitCode === 0) return ran.stdout.trim()
  if (ran.timedOut) throw new StackError('STACK_TIMED_OUT', 'git took too long to sign', { hint: 'look at the key' })
  throw gitFailed(new Error(`git exited ${ran.exitCode}: ${ran.stderr}`), instance, ['commit-tree'])
}
