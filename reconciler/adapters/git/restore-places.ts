import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import { StackError } from '../../model/errors.ts'
import type { Revision } from '../../model/names.ts'
import type { RestoreRequest } from '../../ports/instance-editor.ts'
import { inSomeonesName } from './commit-only.ts'
import { signingSettings } from './sign-commits.ts'
import { gitWritingIn, type WritingGit } from './write-git.ts'

export interface RestorePlace {
  readonly instance: string
  readonly patienceMs: number
}

/**
 * The commit is made beside the work tree, in an index of its own, and the branch is moved on to it as any other commit would
 * move it: a killed process leaves nothing half done. Null where nothing differs.
 */
export async function restorePlaces(
  { instance, patienceMs }: RestorePlace,
  request: RestoreRequest,
  signal: AbortSignal,
): Promise<Revision | null> {
  const git = gitWritingIn(instance, patienceMs, signal)
  const settings = request.signed ? await signingSettings(instance, git) : []
  const index = join(instance, '.stack/restore-index')
  await rm(index, { force: true })
  try {
    const aside = gitWritingIn(instance, patienceMs, signal, { GIT_INDEX_FILE: index })
    const tree = await treeOf(request, aside)
    if (tree === (await git.text('rev-parse', 'HEAD^{tree}'))) return null
    const commit = ['commit-tree', ...(request.signed ? ['-S'] : []), '-p', 'HEAD', '-m', request.message, tree]
    const revision = await inSomeonesName(git.text, [...settings, ...commit])
    await moveTo(revision, git)
    return revision as Revision
  } finally {
    await rm(index, { force: true })
  }
}

async function treeOf({ from, paths, texts }: RestoreRequest, aside: WritingGit): Promise<string> {
  await aside.text('read-tree', 'HEAD')
  const known = await knownPaths(paths, from, aside)
  if (known.length > 0) await aside.text('restore', `--source=${from}`, '--staged', '--', ...known)
  const prefix = await aside.text('rev-parse', '--show-prefix')
  for (const [path, text] of Object.entries(texts)) {
    const blob = await aside.given(text, 'hash-object', '-w', '--stdin')
    await aside.text('update-index', '--add', '--cacheinfo', `100644,${blob},${prefix}${path}`)
  }
  return aside.text('write-tree')
}

/** git refuses a path that is in neither. */
async function knownPaths(paths: readonly string[], from: Revision, git: WritingGit): Promise<readonly string[]> {
  const known: string[] = []
  for (const path of paths) {
    const found = await Promise.all(['HEAD', from].map((one) => git.text('ls-tree', '--name-only', one, '--', path)))
    if (found.some((names) => names !== '')) known.push(path)
  }
  return known
}

async function moveTo(revision: string, git: WritingGit): Promise<void> {
  try {
    await git.patiently('merge', '--quiet', '--ff-only', revision)
  } catch (error) {
    const paths = error instanceof StackError ? error.output.filter((line) => line.startsWith('\t')) : []
    if (paths.length === 0) throw error
    const names = paths.map((line) => line.trim()).join(', ')
    throw new StackError('STACK_NOT_COMMITTED', `edits that are not committed are in the way: ${names}`, {
      hint: `commit them or undo them (git checkout ${names}), and run this again`,
      cause: error,
      terminal: true,
    })
  }
}
