import type { Revision } from '../model/names.ts'
import type { NewFile } from './new-instance.ts'

/** Changes files that a person commits, one process at a time: no edit is lost, neither a person's nor one of ours. */
export interface InstanceEditor {
  /**
   * Edits one file and commits it alone: what a person has staged stays staged, and no hook runs. With a remote it follows
   * that before and pushes after; what goes wrong there is a note, and the commit stays. Throws `STACK_NOT_COMMITTED` where
   * the file has uncommitted edits, or before the first commit. However it fails or is killed, the next one finds no half edit.
   */
  commitFile(request: CommitRequest, signal: AbortSignal): Promise<Committed>
  /** Edits one file, uncommitted edits and all, and commits nothing. Answers whether anything changed. */
  editFile(request: FileEdit, signal: AbortSignal): Promise<boolean>
  /**
   * Makes a commit in which these places are as they were in another, and brings the work tree there, never over local edits.
   * With a remote it follows that before and pushes after. Throws `STACK_NOT_COMMITTED` where local edits are in the way, with
   * nothing changed.
   */
  restore(request: RestoreRequest, signal: AbortSignal): Promise<Committed>
  /**
   * Edits one file in a commit that touches nothing else, made on top of what the remote has and pushed before this clone
   * follows: what is refused leaves no trace. Never forces; who was faster is taken in. Throws as `commitFile` does.
   */
  publishFile(request: PublishRequest, signal: AbortSignal): Promise<Published>
  /** Takes back what a killed process had written and not committed; where there is nothing of that, it does nothing. */
  undoHalfEdit(onWait: FileEdit['onWait'], signal: AbortSignal): Promise<void>
}

export interface FileEdit {
  /** Relative to the instance: `desired/desired.toml`. */
  readonly path: string
  /** From the text as it is now, null where there is no file, to what it should be. When it throws, nothing is touched. */
  readonly edit: (text: string | null) => string | Promise<string>
  /** Called once when another process edits, with a sentence that says so. */
  readonly onWait: (sentence: string) => void
}

export interface CommitRequest extends FileEdit {
  readonly message: string
  /**
   * New files, by path in the instance, that go into the same commit; those that are in git already are left out. Throws
   * `STACK_FILES_FAILED` where something else lies in the place of one.
   */
  readonly beside?: readonly NewFile[]
  /** True: it is signed so that git verifies it. Throws `STACK_GIT_FAILED` where it would not be, before anything is touched. */
  readonly signed: boolean
  /** False: the remote is neither followed nor pushed to. */
  readonly share?: boolean
  /** `[git]` of stack.toml; null: the branch's upstream, or `origin`. */
  readonly remote: string | null
  readonly branch: string | null
}

export interface RestoreRequest extends Omit<CommitRequest, 'path' | 'edit' | 'beside'> {
  readonly from: Revision
  /** Relative to the instance. What is in neither commit is no error. */
  readonly paths: readonly string[]
  /** Files that get a text of their own in that commit, by path. */
  readonly texts: Readonly<Record<string, string>>
}

export interface PublishRequest extends FileEdit {
  readonly message: string
  readonly signed: boolean
  /** `[git]` of stack.toml, as in a commit. */
  readonly remote: string | null
  readonly branch: string | null
  /** A branch of its own for a person to merge, at the remote or, without one, here; null: the branch that is followed. */
  readonly proposal: string | null
}

export type Published =
  /** `revision` is null where the file said so already. */
  | { readonly kind: 'published'; readonly revision: Revision | null; readonly notes: readonly string[] }
  | { readonly kind: 'no-remote' }
  | { readonly kind: 'unreachable'; readonly why: string }
  /** The remote is there and does not take it. */
  | { readonly kind: 'refused'; readonly why: string }

export interface Committed {
  /** The new commit; null when the file said so already. */
  readonly revision: Revision | null
  /** What a person should know of the remote, a sentence each. */
  readonly notes: readonly string[]
}
