import type { Digest, Revision } from '../model/names.ts'

/** The git repository an instance is. */
export interface InstanceSource {
  /** The commit checked out now, null before the first. Throws `STACK_GIT_FAILED` outside of a repository. */
  head(signal: AbortSignal): Promise<Commit | null>
  /**
   * Everything the reconciler reads, from the work tree as it lies there (ignored files left out) or from a commit;
   * `beside` names more places, relative to the root.
   */
  read(from: 'work-tree' | Revision, signal: AbortSignal, beside?: readonly string[]): Promise<SourceTree>
  /** Turns a branch, tag or short hash into a commit; throws `STACK_GIT_FAILED` where there is none. */
  resolve(reference: string, signal: AbortSignal): Promise<Commit>
  /** Paths (relative to the root) that differ from the commit or are not in it, ignored files left out. */
  uncommitted(signal: AbortSignal, beside?: readonly string[]): Promise<readonly string[]>
  /** The text of a file that was committed once, by its digest; null where git has none of it, or where it is no text. */
  former(digest: Digest, signal: AbortSignal): Promise<string | null>
}

export interface Commit {
  readonly revision: Revision
  /** The whole commit message, for trailers. */
  readonly message: string
}

/** Texts and content of desired/, stacklets/, stack.toml and users.toml. */
export interface SourceTree {
  /** Paths with `/`: `stacklets/hello/stacklet.toml`, `desired/desired.toml`, `stack.toml`. Sorted. */
  readonly files: readonly SourceFile[]
  /** The text of one listed file; null when it is not listed. Throws `STACK_FILES_FAILED` when it is no UTF-8 text. */
  text(path: string): Promise<string | null>
}

export interface SourceFile {
  readonly path: string
  /** git's blob id, equal for equal bytes wherever they were read; for a link, of the path it points to. */
  readonly digest: Digest
  readonly kind: 'file' | 'executable' | 'link'
  /** For a link: true when what it points to lies outside the root. */
  readonly leavesRoot: boolean
}
