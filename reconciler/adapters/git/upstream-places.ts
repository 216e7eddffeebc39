import { access, readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { WantedUpstream } from '../../ports/upstream.ts'
import { remoteBranch } from './remote-branch.ts'
import { repositoryOf } from './repository.ts'
import type { Clone } from './speak-to-remote.ts'

/** What changes on this disk when a branch does, here or at a remote that is a folder. A place need not be there yet. */
export async function upstreamPlaces(clone: Clone, wanted: WantedUpstream): Promise<readonly string[]> {
  const { topLevel } = await repositoryOf(clone.instance, clone.signal)
  const folders = await clone.git.text('rev-parse', '--path-format=absolute', '--git-dir', '--git-common-dir')
  const [gitDirectory = '', common = ''] = folders.split('\n')
  const own = [join(gitDirectory, 'HEAD'), ...refsOf(common)]
  const theirs = await remoteFolder(clone, topLevel, wanted)
  return [...new Set([...own, ...(theirs === null ? [] : refsOf(theirs))])]
}

/** Loose branches, and those that were packed. */
function refsOf(gitDirectory: string): readonly string[] {
  return [join(gitDirectory, 'refs/heads'), join(gitDirectory, 'packed-refs')]
}

async function remoteFolder({ git }: Clone, topLevel: string, wanted: WantedUpstream): Promise<string | null> {
  const branch = await remoteBranch(git, wanted)
  if (branch === null) return null
  const path = pathIn(await git.text('ls-remote', '--get-url', '--', branch.remote))
  return path === null ? null : gitDirectoryAt(resolve(topLevel, path))
}

/** `/srv/home.git`, `../home.git` and `file:///srv/home.git` are here; `git@host:home.git` is not, by its colon. */
function pathIn(address: string): string | null {
  if (address.startsWith('file://')) return pathOfUrl(address)
  return /^[^/]*:/.test(address) ? null : address
}

function pathOfUrl(address: string): string | null {
  try {
    return fileURLToPath(address)
  } catch {
    return null
  }
}

/** As git looks for it; where there is nothing yet, the likeliest place. */
async function gitDirectoryAt(path: string): Promise<string> {
  for (const candidate of [join(path, '.git'), path, `${path}.git`]) {
    const folder = await behind(candidate)
    if (await exists(join(folder, 'HEAD'))) return folder
  }
  return path
}

/** `.git` may be a file that says where it is. */
async function behind(candidate: string): Promise<string> {
  const stats = await stat(candidate).catch(() => null)
  if (!stats?.isFile()) return candidate
  const said = /^gitdir: (.+)$/m.exec(await readFile(candidate, 'utf8').catch(() => ''))?.[1]
  return said === undefined ? candidate : resolve(dirname(candidate), said)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
