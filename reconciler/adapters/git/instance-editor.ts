import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { StackError } from '../../model/errors.ts'
import type { Revision } from '../../model/names.ts'
import type { CommitRequest, Committed, FileEdit, InstanceEditor } from '../../ports/instance-editor.ts'
import type { NewFile } from '../../ports/new-instance.ts'
import { holdFileLock } from '../process/file-lock.ts'
import { commitOnly } from './commit-only.ts'
import { followRemote, pushTo, remoteBranch } from './follow-remote.ts'
import {
  type EditedFile,
  type EditNote,
  forgetEdit,
  isUncommitted,
  noteEdit,
  readText,
  undoHalfEdit,
  writeText,
} from './half-edit.ts'
import { missingInGit, noted, writeBeside } from './new-files.ts'
import { repositoryOf } from './repository.ts'
import { restorePlaces } from './restore-places.ts'
import { signingSettings } from './sign-commits.ts'
import { gitWritingIn, type WritingGit } from './write-git.ts'

export interface InstanceEditorOptions {
  /** Absolute directory of desired/ and .stack/. */
  readonly instance: string
  /** How long another git process may hold the index. Default 5 s. */
  readonly patienceMs?: number
}

/** An edit is a moment's work, but many may queue, and each may have to ask a slow remote. */
const longestWaitMs = 5 * 60_000

/** The instance's own files, edited under a lock on `.stack/edit.lock`. */
export function instanceEditor({ instance, patienceMs = 5_000 }: InstanceEditorOptions): InstanceEditor {
  return {
    commitFile: (request, signal) =>
      locked(instance, request, signal, async () => {
        await repositoryOf(instance, signal)
        const git = gitWritingIn(instance, patienceMs, signal)
        await undoHalfEdit(instance, git)
        await mustBeCommitted(request.path, git)
        return editAndCommit({ instance, path: request.path }, request, git)
      }),
    editFile: (request, signal) =>
      locked(instance, request, signal, async () => {
        const file = { instance, path: request.path }
        const text = await readText(file)
        const wanted = await request.edit(text)
        if (wanted === (text ?? '')) return false
        await writeText(file, wanted)
        return true
      }),
    restore: (request, signal) =>
      locked(instance, { path: 'what is restored', onWait: request.onWait }, signal, async () => {
        await repositoryOf(instance, signal)
        const git = gitWritingIn(instance, patienceMs, signal)
        await undoHalfEdit(instance, git)
        const target = await remoteBranch(git, request)
        const fetching = target === null ? [] : await followRemote(git, target)
        const revision = await restorePlaces({ instance, patienceMs }, request, signal)
        const pushing = target === null || revision === null ? [] : await pushTo(git, target)
        return { revision, notes: [...fetching, ...pushing] }
      }),
    undoHalfEdit: (onWait, signal) =>
      locked(instance, { path: 'what was cut short', onWait }, signal, () =>
        undoHalfEdit(instance, gitWritingIn(instance, patienceMs, signal)),
      ),
  }
}

async function locked<Answer>(
  instance: string,
  { path, onWait }: Pick<FileEdit, 'path' | 'onWait'>,
  signal: AbortSignal,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const lock = await takeLock(instance, `pid ${process.pid} edits ${path}`, onWait, signal)
  try {
    return await work()
  } finally {
    await lock.release()
  }
}

async function takeLock(instance: string, owner: string, onWait: FileEdit['onWait'], signal: AbortSignal) {
  const path = join(instance, '.stack/edit.lock')
  try {
    await mkdir(join(instance, '.stack'), { recursive: true, mode: 0o700 })
    const first = await holdFileLock({ path, wait: 'no', signal, owner })
    if (!('heldBy' in first)) return first
    onWait(`waiting: ${first.heldBy || 'another process edits'} in ${instance}`)
    const second = await holdFileLock({ path, wait: { timeoutMs: longestWaitMs }, signal, owner })
    if (!('heldBy' in second)) return second
    throw new StackError(
      'STACK_LOCKED',
      `${second.heldBy || 'another process edits'} in ${instance}, and does not end`,
      {
        hint: 'wait until that process has ended, or end it',
      },
    )
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof StackError) throw error
    throw new StackError('STACK_FILES_FAILED', `cannot lock ${path}: ${(error as Error).message}`, {
      hint: `let the user that runs stack write ${path}, and see that flock (util-linux) is installed`,
      cause: error,
    })
  }
}

async function editAndCommit(file: EditedFile, request: CommitRequest, git: WritingGit): Promise<Committed> {
  const target = await remoteBranch(git, request)
  const fetching = target === null ? [] : await followRemote(git, target)
  const text = await readText(file)
  const wanted = await request.edit(text)
  const beside = await missingInGit(file.instance, request.beside ?? [], git)
  if (wanted === (text ?? '') && beside.length === 0) return { revision: null, notes: fetching }

  const settings = request.signed ? await signingSettings(file.instance, git) : []
  const note = { path: file.path, before: text, after: wanted, beside: beside.map(noted) }
  await noteEdit(file.instance, note)
  await writeAndCommit(file, { note, beside }, (paths) => commitOnly(paths, request.message, git, settings), git)
  const revision = (await git.text('rev-parse', 'HEAD')) as Revision
  const pushing = target === null ? [] : await pushTo(git, target)
  return { revision, notes: [...fetching, ...pushing] }
}

interface Edit {
  readonly note: EditNote
  readonly beside: readonly NewFile[]
}

async function writeAndCommit(
  file: EditedFile,
  { note, beside }: Edit,
  commit: (paths: readonly string[]) => Promise<void>,
  git: WritingGit,
): Promise<void> {
  const { instance, path } = file
  try {
    await writeBeside(instance, beside)
    await writeText(file, note.after)
    // git commits only a file that it knows; what is in one already, it need not be told.
    const added = beside.map((one) => one.path)
    const unknown = [...added, ...(note.before === null ? [path] : [])]
    if (unknown.length > 0) await git.patiently('add', '--intent-to-add', '--force', '--', ...unknown)
    await commit([...added, ...(note.after === (note.before ?? '') ? [] : [path])])
    await forgetEdit(instance)
  } catch (error) {
    // The run may have been cancelled, and the file has to go back all the same.
    await undoHalfEdit(instance, gitWritingIn(instance, 0, new AbortController().signal)).catch(() => {})
    throw error
  }
}

async function mustBeCommitted(path: string, git: WritingGit): Promise<void> {
  if ((await git.textOrNull('rev-parse', '--verify', '--quiet', 'HEAD')) === null) {
    throw new StackError('STACK_NOT_COMMITTED', 'this instance has no commit yet, and a run does what is committed', {
      hint: 'git add . && git commit -m "first"',
      terminal: true,
    })
  }
  if (!(await isUncommitted(git, path))) return
  throw new StackError('STACK_NOT_COMMITTED', `${path} has edits that are not committed`, {
    hint: `commit them (git commit ${path}) or undo them (git checkout ${path}), and run this again`,
    at: { file: path, line: 0, column: 0 },
    terminal: true,
  })
}
