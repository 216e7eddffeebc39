import { randomUUID } from 'node:crypto'
import { chown, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { StackError } from '../../model/errors.ts'
import { type NotedFile, removeBeside } from './new-files.ts'
import type { WritingGit } from './write-git.ts'

/** A file of the instance, and what is known of an edit of it that may have been cut short. */
export interface EditedFile {
  readonly instance: string
  /** Relative to the instance. */
  readonly path: string
}

/** Its text, null where there is none. Throws where it is no plain file or no UTF-8 text. */
export async function readText({ instance, path }: EditedFile): Promise<string | null> {
  const whole = join(instance, path)
  const stats = await lstat(whole).catch(orNothing)
  if (stats === null) return null
  if (!stats.isFile()) throw refused(`${path} is no plain file`, 'edit the file that it leads to')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(whole))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw refused(`${path} is not UTF-8 text`, 'save it as UTF-8')
    }
    throw failed(error, whole)
  }
}

/** Replaces it, whole or not at all, keeping its mode and owner. */
export async function writeText({ instance, path }: EditedFile, text: string): Promise<void> {
  const whole = join(instance, path)
  const staged = join(instance, '.stack', `edit-${randomUUID()}`)
  try {
    const before = await lstat(whole).catch(orNothing)
    await mkdir(dirname(whole), { recursive: true })
    await writeFile(staged, text, { flush: true, mode: before?.mode ?? 0o644 })
    if (before !== null) await chown(staged, before.uid, before.gid).catch(() => {})
    await rename(staged, whole).catch((error) => writeThere(error, whole, text))
  } catch (error) {
    throw failed(error, whole)
  } finally {
    await rm(staged, { force: true })
  }
}

/** `.stack/` may be a disk of its own. */
async function writeThere(error: NodeJS.ErrnoException, whole: string, text: string): Promise<void> {
  if (error.code !== 'EXDEV') throw error
  const { default: writeFileAtomic } = await import('write-file-atomic')
  await writeFileAtomic(whole, text)
}

/** What is about to be written and committed: a process that is killed in between leaves no riddle. */
export interface EditNote {
  readonly path: string
  readonly before: string | null
  readonly after: string
  /** New files of the same commit. */
  readonly beside: readonly NotedFile[]
}

export async function noteEdit(instance: string, note: EditNote): Promise<void> {
  await writeFile(noteAt(instance), JSON.stringify(note), { flush: true, mode: 0o600 })
}

export async function forgetEdit(instance: string): Promise<void> {
  await rm(noteAt(instance), { force: true })
}

/** An edit that was not committed did not happen: a file that is as the note says goes back to what it was. */
export async function undoHalfEdit(instance: string, git: WritingGit): Promise<void> {
  const note = await readNote(instance)
  if (note === null) return
  const file = { instance, path: note.path }
  const removed = await removeBeside(instance, note.beside, git)
  if ((await readText(file)) === note.after && (await isUncommitted(git, note.path))) {
    if (note.before === null) await removeNew(file, git)
    else await writeText(file, note.before)
  }
  // Last, because another git process may hold the index: the files are as they were, and the next one tells git.
  if (removed.length > 0) await git.patiently('reset', '--quiet', '--', ...removed)
  await forgetEdit(instance)
}

async function removeNew({ instance, path }: EditedFile, git: WritingGit): Promise<void> {
  await rm(join(instance, path), { force: true })
  await git.patiently('reset', '--quiet', '--', path)
}

/** A note that was cut short itself says that nothing was written yet. */
async function readNote(instance: string): Promise<EditNote | null> {
  const text = await readFile(noteAt(instance), 'utf8').catch(orNothing)
  try {
    const note = text === null ? null : (JSON.parse(text) as EditNote)
    return note === null ? null : { ...note, beside: note.beside ?? [] }
  } catch {
    return null
  }
}

/** Whether the file differs from its commit, or is in none. */
export async function isUncommitted(git: WritingGit, path: string): Promise<boolean> {
  return (await git.text('status', '--porcelain=v1', '-uall', '--ignore-submodules=all', '--', path)) !== ''
}

function noteAt(instance: string): string {
  return join(instance, '.stack/edit')
}

function orNothing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw failed(error, error.path ?? '')
}

function failed(error: unknown, path: string): StackError {
  if (error instanceof StackError) return error
  return new StackError('STACK_FILES_FAILED', `cannot edit ${path}: ${(error as Error).message}`, {
    hint: `let the user that runs stack write ${path}, and see that its disk has room`,
    cause: error,
  })
}

function refused(message: string, hint: string): StackError {
  return new StackError('STACK_FILES_FAILED', message, { hint, terminal: true })
}
