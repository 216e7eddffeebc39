import { lstat, readFile, readlink, realpath } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

import { gitBlobDigest } from '../../lib/digest.ts'
import type { Digest } from '../../model/names.ts'
import type { SourceFile } from '../../ports/instance-source.ts'
import { readAgain } from '../process/read-again.ts'
import { followLink } from './follow-link.ts'
import { generatedNames } from './generated.ts'
import { listFolder } from './list-folder.ts'
import { gitIn } from './run-git.ts'
import type { Names, TreePart } from './tree-part.ts'

/** Enough to keep the disk busy, few enough never to run out of file handles. */
const filesAtOnce = 32

/** Files of a directory as they lie on disk: those git knows or would add, or all of them outside of a repository. */
export async function readWorkTree(
  root: string,
  names: Names,
  inRepository: boolean,
  signal: AbortSignal,
): Promise<TreePart> {
  const listed = inRepository ? await listWorkTree(root, names, signal) : await listFolder(root, names)
  const links = new Map<string, string>()
  const look = await looker(root, links)

  const files: SourceFile[] = []
  for (let from = 0; from < listed.length; from += filesAtOnce) {
    signal.throwIfAborted()
    const looks = await Promise.all(listed.slice(from, from + filesAtOnce).map(look))
    files.push(...looks.filter((file) => file !== null))
  }
  return {
    root,
    links,
    files: await withLinksJudged(files, links, root),
    bytes: (path) => readFile(join(root, path)),
  }
}

async function listWorkTree(root: string, names: Names, signal: AbortSignal): Promise<readonly string[]> {
  const answer = await gitIn(root, signal).text(
    'ls-files',
    '-co',
    '--exclude-standard',
    ...generatedNames.flatMap((name) => ['-x', name]),
    '-z',
    '--',
    ...names,
  )
  return [...new Set(answer.split('\0'))].filter((path) => path !== '' && !path.endsWith('/'))
}

/** A work tree is looked at again and again, and hardly ever changes. */
const digestAt = readAgain((bytes) => gitBlobDigest(bytes) as Digest)

type Look = (path: string) => Promise<SourceFile | null>

/** Looks at one path; null for what is gone, is no file (a nested repository), or lies behind a link, which git does not follow. */
async function looker(root: string, links: Map<string, string>): Promise<Look> {
  const realRoot = await realpath(root)
  const folders = new Map<string, Promise<boolean>>()

  function isOwn(folder: string): Promise<boolean> {
    const known =
      folders.get(folder) ?? realpath(join(root, folder)).then((real) => real === join(realRoot, folder), ifGone(false))
    folders.set(folder, known)
    return known
  }

  return async (path) => {
    const stats = (await isOwn(dirname(path))) ? await lstat(join(root, path)).catch(ifGone(null)) : null
    if (stats?.isSymbolicLink()) return linkAt(root, path, links)
    if (!stats?.isFile()) return null

    return {
      path,
      digest: await digestAt(join(root, path)),
      kind: (stats.mode & 0o100) === 0 ? 'file' : 'executable',
      leavesRoot: false,
    }
  }
}

async function linkAt(root: string, path: string, links: Map<string, string>): Promise<SourceFile> {
  const target = await readlink(join(root, path), 'buffer')
  links.set(path, target.toString('utf8'))
  return { path, digest: gitBlobDigest(target) as Digest, kind: 'link', leavesRoot: false }
}

/** A link leaves by what it says or, over links that git does not know, by where it really leads. */
async function withLinksJudged(
  files: readonly SourceFile[],
  links: ReadonlyMap<string, string>,
  root: string,
): Promise<readonly SourceFile[]> {
  const realRoot = await realpath(root)
  return Promise.all(
    files.map(async (file) => {
      if (file.kind !== 'link') return file
      const real = await realpath(join(root, file.path)).catch(() => realRoot)
      const leavesRoot = followLink(file.path, links, root) === null || relative(realRoot, real).startsWith('..')
      return { ...file, leavesRoot }
    }),
  )
}

function ifGone<Instead>(instead: Instead): (error: NodeJS.ErrnoException) => Instead {
  return (error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return instead
    throw error
  }
}
