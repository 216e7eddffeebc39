import type { Revision } from '../model/names.ts'

/** The git repository that a folder is to be. Runs no hooks and signs nothing. */
export interface NewRepository {
  /** Reads only; a folder that is not there lies in no repository. */
  look(signal: AbortSignal): Promise<RepositoryLook>
  /** Makes the folder a repository of its own, with a branch `main`. */
  init(signal: AbortSignal): Promise<void>
  /** Of these paths (relative to the folder) those that differ from the last commit or are not in it. */
  uncommitted(paths: readonly string[], signal: AbortSignal): Promise<readonly UncommittedPath[]>
  /** Commits these paths alone, ignored or not, whatever else is staged; a directory with what is not ignored in it. Null when nothing differs. */
  commit(paths: readonly string[], message: string, signal: AbortSignal): Promise<Revision | null>
}

export interface RepositoryLook {
  /** empty: there is no commit yet. */
  readonly state: 'none' | 'empty' | 'committed'
  /** Who git takes us for; null where nobody said so. */
  readonly person: { readonly name: string; readonly email: string } | null
}

export interface UncommittedPath {
  readonly path: string
  /** False for a file that git does not keep yet. */
  readonly isTracked: boolean
  readonly isIgnored: boolean
}
