/** A Compose project that somebody started on the engine, by what its containers' labels say. */
export interface FoundProject {
  readonly name: string
  /** Absolute folder that its relative paths are seen from; null where no container says it. */
  readonly directory: string | null
  /** Absolute paths of its Compose files, in the order in which they were given. */
  readonly files: readonly string[]
  /** Absolute paths of the files that `--env-file` named. Empty: `.env` in its folder, if there is one. */
  readonly envFiles: readonly string[]
  /** Services that have a container. */
  readonly services: readonly string[]
  /** Profiles that have to be active for all of them to be there. */
  readonly profiles: readonly string[]
  /** The instance that made it, where one of this program did. */
  readonly instance: string | null
}

/** What lies at a path that a Compose file names. */
export type PathLook =
  | { readonly kind: 'missing' }
  | { readonly kind: 'file'; readonly file: FoundFile }
  | { readonly kind: 'folder'; readonly files: readonly FoundFile[]; readonly isWhole: boolean }

export interface FoundFile {
  /** Inside the folder that was looked at; of a file, its name. */
  readonly path: string
  readonly bytes: Uint8Array
  readonly isExecutable: boolean
  /** Why it is better left where it is; null where nothing speaks against a copy in git. */
  readonly unfit: string | null
}
