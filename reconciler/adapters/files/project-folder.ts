import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

import type { FoundFile, PathLook } from '../../model/found-project.ts'
import type { ProjectFolder } from '../../ports/project-folder.ts'
import { filesFailed } from './files-failed.ts'

/** Larger than this a file is data, or nothing that a person edits. */
const largestFile = 1024 * 1024
/** A build context of more files is more than a stacklet. */
const mostFiles = 500
const largestFolder = 20 * 1024 * 1024

/** Folders that are made by tools out of what lies beside them. */
const made: readonly string[] = ['.git', 'node_modules', '__pycache__']

export function projectFolder(): ProjectFolder {
  return {
    texts: (paths) => Promise.all(paths.map((path) => naming(path, () => readFile(path, 'utf8').catch(orNull)))),
    look: (paths) => each(paths, async () => outside),
    lookInside: (paths, without) => each(paths, (path) => lookInside(path, without)),
    staged: async (files, work) => {
      const directory = await mkdtemp(join(tmpdir(), 'stackloop-'))
      try {
        for (const { path, bytes, isExecutable } of files) {
          await mkdir(dirname(join(directory, path)), { recursive: true })
          await writeFile(join(directory, path), bytes, { mode: isExecutable ? 0o700 : 0o600 })
        }
        return await work(directory)
      } finally {
        await rm(directory, { recursive: true, force: true })
      }
    },
  }
}

const outside: PathLook = { kind: 'folder', files: [], isWhole: false }

async function each(
  paths: readonly string[],
  ofFolder: (path: string) => Promise<PathLook>,
): Promise<ReadonlyMap<string, PathLook>> {
  const looks = paths.map(async (path) => [path, await naming(path, () => look(path, ofFolder))] as const)
  return new Map(await Promise.all(looks))
}

async function look(path: string, ofFolder: (path: string) => Promise<PathLook>): Promise<PathLook> {
  const found = await stat(path).catch(orNull)
  if (found === null) return { kind: 'missing' }
  return found.isDirectory() ? ofFolder(path) : { kind: 'file', file: await foundFile(path, basename(path)) }
}

async function lookInside(folder: string, without: readonly string[]): Promise<PathLook> {
  const paths = await filesBelow(folder, '', [...without])
  if (paths.length > mostFiles) return outside
  const files = await Promise.all(paths.map((path) => foundFile(join(folder, path), path)))
  const size = files.reduce((sum, { bytes }) => sum + bytes.length, 0)
  return size > largestFolder ? outside : { kind: 'folder', files, isWhole: true }
}

/** By path inside the folder; it stops looking when there are too many. */
async function filesBelow(folder: string, inside: string, without: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const entry of await readdir(join(folder, inside), { withFileTypes: true })) {
    const path = inside === '' ? entry.name : `${inside}/${entry.name}`
    if (made.includes(entry.name) || without.includes(join(folder, path))) continue
    if (entry.isDirectory()) found.push(...(await filesBelow(folder, path, without)))
    else found.push(path)
    if (found.length > mostFiles) break
  }
  return found
}

async function foundFile(whole: string, path: string): Promise<FoundFile> {
  const found = await lstat(whole)
  const mode = (await stat(whole).catch(orNull))?.mode ?? 0
  const isExecutable = (mode & 0o111) !== 0
  const unfit = (why: string): FoundFile => ({ path, bytes: new Uint8Array(), isExecutable, unfit: why })
  if (found.isSymbolicLink()) return unfit('is a link')
  if (!found.isFile()) return unfit('is no plain file')
  if (found.size > largestFile) return unfit('is larger than 1 MiB')
  if ((mode & 0o004) === 0) return unfit('is not for everybody to read')
  const bytes = await readFile(whole)
  if (bytes.includes('PRIVATE KEY-----')) return unfit('holds a private key')
  return { path, bytes, isExecutable, unfit: null }
}

function orNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}

async function naming<Answer>(path: string, work: () => Promise<Answer>): Promise<Answer> {
  return work().catch((error) => {
    throw filesFailed(error, 'read', path)
  })
}
