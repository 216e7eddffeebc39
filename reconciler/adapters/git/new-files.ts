import { mkdir, readFile, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import writeFileAtomic from 'write-file-atomic'

import { gitBlobDigest } from '../../lib/digest.ts'
import { StackError } from '../../model/errors.ts'
import type { NewFile } from '../../ports/new-instance.ts'
import type { WritingGit } from './write-git.ts'

/** A file that was to be committed, and what we wrote into it. */
export interface NotedFile {
  readonly path: string
  readonly digest: string
}

export function noted({ path, bytes }: NewFile): NotedFile {
  return { path, digest: gitBlobDigest(bytes) }
}

/** Those that the last commit does not have. Throws where something else lies in the place of one. */
export async function missingInGit(
  instance: string,
  files: readonly NewFile[],
  git: WritingGit,
): Promise<readonly NewFile[]> {
  const missing: NewFile[] = []
  for (const file of files) {
    if (await isCommitted(file.path, git)) continue
    if (!(await isOurs(instance, noted(file)))) throw inTheWay(file.path)
    missing.push(file)
  }
  return missing
}

/** Writes them, each whole or not at all, with the folders above them. */
export async function writeBeside(instance: string, files: readonly NewFile[]): Promise<void> {
  for (const { path, bytes, isExecutable } of files) {
    const whole = join(instance, path)
    try {
      await mkdir(dirname(whole), { recursive: true })
      await writeFileAtomic(whole, Buffer.from(bytes), { mode: isExecutable ? 0o755 : 0o644 })
    } catch (error) {
      throw new StackError('STACK_FILES_FAILED', `cannot write ${whole}: ${(error as Error).message}`, {
        hint: `let the user that runs stack write ${dirname(whole)}, and see that its disk has room`,
        cause: error,
      })
    }
  }
}

/**
 * Takes back files that were not committed and are as we wrote them, with the folders that they leave empty. Answers their
 * paths: git may have been told of them.
 */
export async function removeBeside(
  instance: string,
  files: readonly NotedFile[],
  git: WritingGit,
): Promise<readonly string[]> {
  const removed: string[] = []
  for (const file of files) {
    if ((await isCommitted(file.path, git)) || !(await isOurs(instance, file))) continue
    await rm(join(instance, file.path), { force: true })
    await removeEmpty(instance, dirname(file.path))
    removed.push(file.path)
  }
  return removed
}

async function removeEmpty(instance: string, folder: string): Promise<void> {
  if (['.', 'stacklets', 'desired'].includes(folder)) return
  const isGone = await rmdir(join(instance, folder)).then(
    () => true,
    () => false,
  )
  if (isGone) await removeEmpty(instance, dirname(folder))
}

async function isCommitted(path: string, git: WritingGit): Promise<boolean> {
  return (await git.textOrNull('cat-file', '-e', `HEAD:./${path}`)) !== null
}

/** Nothing lies there, or just what we would write. */
async function isOurs(instance: string, { path, digest }: NotedFile): Promise<boolean> {
  try {
    return gitBlobDigest(await readFile(join(instance, path))) === digest
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}

function inTheWay(path: string): StackError {
  const hint = `move ${path} away, or commit it`
  return new StackError('STACK_FILES_FAILED', `${path} is there already, and says something else`, {
    hint,
    terminal: true,
  })
}
