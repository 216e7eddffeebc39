/** The folder of an instance, looked at for disorder; and the few ways to put it in order. Paths are relative to it. */
export interface InstanceProbe {
  look(): Promise<InstanceLook>
  setMode(path: string, mode: number): Promise<void>
  makeFolder(path: string): Promise<void>
  /** Removes one file or folder that `look` named as staged; one that is gone is no error. */
  removeStaged(path: string): Promise<void>
}

export interface InstanceLook {
  /** Who we are, for the question whose files these are. */
  readonly user: number
  /** `.stack/`, what is in it, and every `stacklets/<id>/.env`. */
  readonly entries: readonly StateEntry[]
  /** Files of `.stack/` in which we keep JSON, and which hold something else; of the journal those with a line that is none. */
  readonly unreadable: readonly string[]
  /** What our programs stage before they rename it, wherever it lies: relative, or absolute outside of the instance. */
  readonly staged: readonly StateEntry[]
  /** The file that a killed command was editing. */
  readonly halfEdit: string | null
  /** What the holder of the host lock wrote about itself; null where the lock is free and empty. */
  readonly lock: LockLook | null
  /** Stacklets that were set up here, by the names of their files in `.stack/`. */
  readonly setUp: readonly string[]
  /** Directories in stacklets/. */
  readonly directories: readonly string[]
  /** `version` of stacklets/core, here and as this program ships it; null where there is none. */
  readonly core: { readonly here: string | null; readonly shipped: string | null }
}

export interface StateEntry {
  readonly path: string
  readonly kind: 'file' | 'folder' | 'other'
  readonly mode: number
  readonly owner: number
  readonly changedAtMs: number
}

export interface LockLook {
  readonly pid: number
  readonly isAlive: boolean
  readonly why: string
  readonly since: string
}
