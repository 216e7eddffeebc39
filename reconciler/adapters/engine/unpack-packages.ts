import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'

import { StackError } from '../../model/errors.ts'
import { holdFileLock } from '../process/file-lock.ts'
import { debianMirror } from './debian-mirror.ts'
import { failed, privateApt, runTool } from './private-apt.ts'

export interface UnpackOptions {
  /** A folder of its own, made when it is not there. */
  readonly folder: string
  readonly signal?: AbortSignal | undefined
  readonly onLine?: ((line: string) => void) | undefined
}

export interface UnpackPackagesOptions extends UnpackOptions {
  /** `name/suite`, such as `docker.io/trixie`. Dependencies are not followed: name them. */
  readonly packages: readonly string[]
}

export interface UnpackedPackages {
  /** The root of a file tree, as if the packages were installed there; no script of theirs has run. */
  readonly root: string
  /** The package files, which carry their versions in their names. */
  readonly versions: readonly string[]
}

/** Written last: with it the tree is complete, and made from these packages. */
interface Stamp {
  readonly packages: readonly string[]
  readonly versions: readonly string[]
}

/**
 * Unpacks Debian packages into a folder and leaves the machine's own package sources and package state alone. Does nothing, without
 * the network, when that was done before; goes on where it was after an interruption; two callers at once share one download.
 */
export async function unpackPackages(options: UnpackPackagesOptions): Promise<UnpackedPackages> {
  const { folder, packages, signal } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const root = join(folder, 'root')
  const before = await readStamp(folder, packages)
  if (before !== undefined) return { root, versions: before.versions }

  const lock = await holdFileLock({
    path: join(folder, 'lock'),
    wait: { timeoutMs: 900_000 },
    signal,
    owner: `${process.pid}`,
  })
  if ('heldBy' in lock) throw stillBusy(folder, lock.heldBy)
  try {
    const meanwhile = await readStamp(folder, packages)
    return { root, versions: meanwhile?.versions ?? (await unpack(options)) }
  } finally {
    await lock.release()
  }
}

async function unpack(options: UnpackPackagesOptions): Promise<readonly string[]> {
  const { folder, packages } = options
  const downloads = join(folder, 'downloads')
  await download(options, downloads)
  const versions = (await readdir(downloads)).filter((name) => name.endsWith('.deb')).sort()

  const fresh = join(folder, 'root.new')
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh)
  await Promise.all(versions.map((name) => extract(join(downloads, name), fresh, options)))

  await rm(join(folder, 'root'), { recursive: true, force: true })
  await rename(fresh, join(folder, 'root'))
  await writeFileAtomic(
    join(folder, 'stamp.json'),
    `${JSON.stringify({ packages, versions } satisfies Stamp, null, 2)}\n`,
  )
  await rm(downloads, { recursive: true, force: true })
  return versions
}

/** The package lists are fetched anew and thrown away afterwards: they are larger than the packages. */
async function download({ folder, packages, signal, onLine }: UnpackPackagesOptions, into: string): Promise<void> {
  await mkdir(into, { recursive: true })
  const suites = [...new Set(packages.map((name) => name.split('/')[1] ?? 'stable'))]
  const aptFolder = join(folder, 'apt')
  const apt = await privateApt({ folder: aptFolder, mirror: await debianMirror(), suites, signal, onLine })

  await apt.update()
  await apt.download(packages, into)
  await rm(aptFolder, { recursive: true, force: true })
}

async function extract(file: string, root: string, { signal, onLine }: UnpackOptions): Promise<void> {
  const ran = await runTool(['dpkg-deb', '-x', file, root], { signal })
  if (ran.exitCode !== 0) throw failed(`cannot unpack ${file}`, ran)
  onLine?.(`Unpacked ${decodeURIComponent(file.slice(file.lastIndexOf('/') + 1))}`)
}

async function readStamp(folder: string, packages: readonly string[]): Promise<Stamp | undefined> {
  try {
    const stamp = JSON.parse(await readFile(join(folder, 'stamp.json'), 'utf8')) as Stamp
    return stamp.packages.join() === packages.join() ? stamp : undefined
  } catch {
    return undefined
  }
}

function stillBusy(folder: string, owner: string): StackError {
  return new StackError('STACK_LOCKED', `process ${owner} has been unpacking into ${folder} for 15 minutes`, {
    hint: `wait for process ${owner}, or end it, and run it again`,
  })
}
