import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import { inSomeonesName } from './commit-only.ts'
import { signingSettings } from './sign-commits.ts'
import { gitWritingIn } from './write-git.ts'

export interface AsideCommit {
  readonly instance: string
  /** What its tree is taken from. */
  readonly base: string
  /** Where it stands in history; usually the base alone. */
  readonly parents: readonly string[]
  /** Relative to the instance. */
  readonly path: string
  readonly text: string
  readonly message: string
  readonly signed: boolean
}

/** Makes a commit that differs from its base in one file. Neither the work tree nor the branch nor the index sees it. */
export async function commitAside(given: AsideCommit, patienceMs: number, signal: AbortSignal): Promise<string> {
  const { instance, base, parents, path, text, message, signed } = given
  const git = gitWritingIn(instance, patienceMs, signal)
  const settings = signed ? await signingSettings(instance, git) : []
  const index = join(instance, '.stack/publish-index')
  await rm(index, { force: true })
  try {
    const aside = gitWritingIn(instance, patienceMs, signal, { GIT_INDEX_FILE: index })
    await aside.text('read-tree', base)
    const prefix = await aside.text('rev-parse', '--show-prefix')
    const blob = await aside.given(text, 'hash-object', '-w', '--stdin')
    await aside.text('update-index', '--add', '--cacheinfo', `100644,${blob},${prefix}${path}`)
    const tree = await aside.text('write-tree')
    const lineage = parents.flatMap((parent) => ['-p', parent])
    const words = ['commit-tree', ...(signed ? ['-S'] : []), ...lineage, '-m', message, tree]
    return await inSomeonesName(git.text, [...settings, ...words])
  } finally {
    await rm(index, { force: true })
  }
}
