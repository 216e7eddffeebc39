import { StackError } from '../../model/errors.ts'
import type { Revision } from '../../model/names.ts'
import type { CommitRequest, InstanceEditor } from '../../ports/instance-editor.ts'
import type { NewFile } from '../../ports/new-instance.ts'
import { commitOnly } from './commit-only.ts'
import { underEditLock } from './edit-lock.ts'
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
import { publishFile } from './publish-file.ts'
import { repositoryOf } from './repository.ts'
import { restorePlaces } from './restore-places.ts'
import { signingSettings } from './sign-commits.ts'
import type { Clone } from './speak-to-remote.ts'
import { withRemote } from './with-remote.ts'
import { gitWritingIn, type WritingGit } from './write-git.ts'

export interface InstanceEditorOptions {
  /** Absolute directory of desired/ and .stack/. */
  readonly instance: string
  /** How long another git process may hold the index. Default 5 s. */
  readonly patienceMs?: number
  /** How long a remote may say nothing. Default 15 s. */
  readonly silenceMs?: number
}

/** The instance's own files, edited under a lock on `.stack/edit.lock`. */
export function instanceEditor({
  instance,
  patienceMs = 5_000,
  silenceMs = 15_000,
}: InstanceEditorOptions): InstanceEditor {
  const cloneFor = (signal: AbortSignal): Clone => {
    return { instance, git: gitWritingIn(instance, patienceMs, signal), silenceMs, signal }
  }
  return {
    commitFile: (request, signal) =>
      underEditLock(instance, request, signal, async () => {
        const { topLevel } = await repositoryOf(instance, signal)
        const clone = cloneFor(signal)
        await undoHalfEdit(instance, clone.git)
        await mustBeCommitted(request.path, clone.git)
        const edit = () => editAndCommit(clone, request)
        if (request.share === false) return { revision: await edit(), notes: [] }
        return withRemote(clone, topLevel, request, edit)
      }),
    editFile: (request, signal) =>
      underEditLock(instance, request, signal, async () => {
        const file = { instance, path: request.path }
        const text = await readText(file)
        const wanted = await request.edit(text)
        if (wanted === (text ?? '')) return false
        await writeText(file, wanted)
        return true
      }),
    publishFile: (request, signal) =>
      underEditLock(instance, request, signal, async () => {
        await repositoryOf(instance, signal)
        const git = gitWritingIn(instance, patienceMs, signal)
        await undoHalfEdit(instance, git)
        await mustBeCommitted(request.path, git)
        return publishFile({ instance, patienceMs }, request, signal)
      }),
    restore: (request, signal) =>
      underEditLock(instance, { path: 'what is restored', onWait: request.onWait }, signal, async () => {
        const { topLevel } = await repositoryOf(instance, signal)
        const clone = cloneFor(signal)
        await undoHalfEdit(instance, clone.git)
        return withRemote(clone, topLevel, request, () => restorePlaces({ instance, patienceMs }, request, signal))
      }),
    undoHalfEdit: (onWait, signal) =>
      underEditLock(instance, { path: 'what was cut short', onWait }, signal, () =>
        undoHalfEdit(instance, gitWritingIn(instance, patienceMs, signal)),
      ),
  }
}

async function editAndCommit(clone: Clone, request: CommitRequest): Promise<Revision | null> {
  const { instance, git } = clone
  const file = { instance, path: request.path }
  const text = await readText(file)
  const wanted = await request.edit(text)
  const beside = await missingInGit(instance, request.beside ?? [], git)
  if (wanted === (text ?? '') && beside.length === 0) return null

  const settings = request.signed ? await signingSettings(instance, git) : []
  const note = { path: file.path, before: text, after: wanted, beside: beside.map(noted) }
  await noteEdit(instance, note)
  await writeAndCommit(file, { note, beside }, (paths) => commitOnly(paths, request.message, git, settings), git)
  return (await git.text('rev-parse', 'HEAD')) as Revision
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
