import type { Digest, Revision } from '../../model/names.ts'
import type { SourceFile } from '../../ports/instance-source.ts'
import { followLink } from './follow-link.ts'
import { readBlobs } from './read-blobs.ts'
import { type Git, gitIn } from './run-git.ts'
import type { Names, TreePart } from './tree-part.ts'

/** Texts are small and most of them are wanted: up to these sizes all are read at once, the rest one by one. */
const smallBytes = 128 * 1024
const togetherBytes = 16 * 1024 * 1024

interface Blob {
  readonly path: string
  readonly id: string
  readonly mode: string
  readonly bytes: number
}

/** Files of a directory as a commit has them. Submodules are left out. */
export async function readCommit(
  root: string,
  names: Names,
  revision: Revision,
  signal: AbortSignal,
): Promise<TreePart> {
  const git = gitIn(root, signal)
  const listing = await git.text('ls-tree', '-r', '-l', '-z', '--end-of-options', revision, ...names)
  const blobs = listing.split('\0').flatMap(blobOf)
  const links = await linkTargets(git, blobs)
  const contents = contentsOf(git, blobs)
  const ids = new Map(blobs.map(({ path, id }) => [path, id]))

  return {
    root,
    links,
    files: blobs.map((blob) => sourceFile(blob, links, root)),
    bytes: (path) => contents(ids.get(path) ?? ''),
  }
}

/** `100644 blob 208c2ed4…       3<TAB>desired/desired.toml`; the size of one that the repository has lost is `BAD`. */
function blobOf(line: string): readonly Blob[] {
  const [, mode = '', type, id = '', bytes, path = ''] = /^(\d+) (\w+) (\w+) +(\S+)\t([\s\S]+)$/.exec(line) ?? []
  return type === 'blob' ? [{ path, id, mode, bytes: Number(bytes) }] : []
}

function sourceFile({ path, id, mode }: Blob, links: ReadonlyMap<string, string>, root: string): SourceFile {
  const digest = id as Digest
  if (links.has(path)) return { path, digest, kind: 'link', leavesRoot: followLink(path, links, root) === null }
  return { path, digest, kind: mode === '100755' ? 'executable' : 'file', leavesRoot: false }
}

async function linkTargets(git: Git, blobs: readonly Blob[]): Promise<ReadonlyMap<string, string>> {
  const links = blobs.filter(({ mode }) => mode === '120000')
  const contents = await readBlobs(git, links)
  return new Map(links.map(({ path, id }) => [path, new TextDecoder().decode(contents.get(id))]))
}

/** Reads by id: the first call reads all that is small, and what is not among that is read when asked for. */
function contentsOf(git: Git, blobs: readonly Blob[]): (id: string) => Promise<Uint8Array> {
  let together: Promise<ReadonlyMap<string, Uint8Array>> | undefined
  return async (id) => {
    together ??= readBlobs(git, firstSmall(blobs))
    const bytes = (await together).get(id) ?? (await readBlobs(git, [{ id }])).get(id)
    if (bytes === undefined) throw new Error(`${id} is not in the commit`)
    return bytes
  }
}

function firstSmall(blobs: readonly Blob[]): readonly Blob[] {
  let room = togetherBytes
  return blobs.filter(({ bytes }) => {
    if (Number.isNaN(bytes) || bytes > Math.min(smallBytes, room)) return false
    room -= bytes
    return true
  })
}
