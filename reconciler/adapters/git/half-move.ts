import { lstat, readFile, readlink, rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { Revision } from '../../model/names.ts'
import { type ChangedPath, changedPaths } from './changed-paths.ts'
import { localHead } from './compare-with.ts'
import { readBlobs } from './read-blobs.ts'
import { gitIn } from './run-git.ts'
import type { WritingGit } from './write-git.ts'

/** Is there from before the first file is touched until after the last. */
const moving = 'refs/stack/moving'

export async function beginMove(git: WritingGit, to: Revision): Promise<void> {
  await git.patiently('update-ref', moving, to)
}

export async function endMove(git: WritingGit): Promise<void> {
  await git.patiently('update-ref', '-d', moving)
}

export async function isHalfMoved(git: WritingGit): Promise<boolean> {
  return (await target(git)) !== null
}

async function target(git: WritingGit): Promise<Revision | null> {
  return (await git.textOrNull('rev-parse', '--verify', '--quiet', moving)) as Revision | null
}

/**
 * Takes back a move that was killed; the next one does it anew. git writes file after file and the index last, so what it had
 * written looks like edits of a person's: files that are as the target has them, or the beginning of that, or away, were its work
 * and become what they were. All others are a person's and stay, and the next move names them.
 */
export async function undoHalfMove(topLevel: string, git: WritingGit, signal: AbortSignal): Promise<void> {
  const to = await target(git)
  if (to === null) return
  const from = await localHead(git)
  if (from !== to) await takeBack({ topLevel, from, to }, git, signal)
  await endMove(git)
}

interface HalfMove {
  readonly topLevel: string
  readonly from: Revision | null
  readonly to: Revision
}

async function takeBack(move: HalfMove, git: WritingGit, signal: AbortSignal): Promise<void> {
  const { topLevel, from, to } = move
  const changes = await changedPaths(git, from, to)
  const written = await writtenByGit(move, changes, git, signal)
  const old = written.filter(({ isNew }) => !isNew)
  const added = written.filter(({ isNew }) => isNew)
  for (const { path } of added) await rm(join(topLevel, path), { force: true })
  for (const some of inChunks(added)) {
    await git.patiently('-C', topLevel, 'rm', '--quiet', '--cached', '--ignore-unmatch', '--', ...some)
  }
  for (const some of inChunks(old))
    await git.patiently('-C', topLevel, 'checkout', '--quiet', from ?? to, '--', ...some)
}

async function writtenByGit(
  { topLevel, to }: HalfMove,
  changes: readonly ChangedPath[],
  git: WritingGit,
  signal: AbortSignal,
): Promise<readonly ChangedPath[]> {
  const ids = await blobsOf(git, to)
  const wanted = changes.flatMap(({ path }) => ids.get(path) ?? [])
  const blobs = await readBlobs(
    gitIn(topLevel, signal),
    [...new Set(wanted)].map((id) => ({ id })),
  )
  const isWritten = async ({ path }: ChangedPath): Promise<boolean> => {
    const found = await contentOf(join(topLevel, path))
    if (found === 'nothing') return true
    const whole = blobs.get(ids.get(path) ?? '')
    return found !== null && whole !== undefined && found.equals(whole.subarray(0, found.length))
  }
  const answers = await Promise.all(changes.map(isWritten))
  return changes.filter((_, index) => answers[index])
}

async function blobsOf(git: WritingGit, revision: Revision): Promise<ReadonlyMap<string, string>> {
  const lines = (await git.text('ls-tree', '-r', '-z', '--full-tree', revision)).split('\0')
  return new Map(
    lines.flatMap((line) => {
      const [, id = '', path = ''] = /^\d+ blob (\S+)\t([\s\S]+)$/.exec(line) ?? []
      return path === '' ? [] : [[path, id] as const]
    }),
  )
}

/** Of a link, where it leads; null for what git does not write. */
async function contentOf(path: string): Promise<Buffer | 'nothing' | null> {
  const stats = await lstat(path).catch(() => null)
  if (stats === null) return 'nothing'
  if (stats.isSymbolicLink()) return Buffer.from(await readlink(path))
  return stats.isFile() ? readFile(path) : null
}

/** As many words as any system takes. */
function inChunks(changes: readonly ChangedPath[]): readonly (readonly string[])[] {
  const chunks: (readonly string[])[] = []
  for (let start = 0; start < changes.length; start += 500) {
    chunks.push(changes.slice(start, start + 500).map(({ path }) => path))
  }
  return chunks
}
