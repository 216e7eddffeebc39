import type { StackletId } from '../model/names.ts'

/** A folder that becomes an instance. Paths are relative to it, with `/`. */
export interface NewInstance {
  /** What lies there. Reads only; a folder that is not there is empty. */
  look(): Promise<FolderLook>
  /** The files of a stacklet that this program ships, by path inside the folder; none when it ships none of that name. */
  shipped(id: string): Promise<readonly NewFile[]>
  /** Writes these files, whole, with the folders above them; what is there is replaced. */
  write(files: readonly NewFile[]): Promise<void>
  /** Makes `.stack/`, for our eyes only. */
  makeState(): Promise<void>
  /** Copies what `.famstack/` holds to `.stack/`, secrets 0600, and overwrites nothing. Answers what was not copied because it was there. */
  takeState(): Promise<readonly string[]>
}

export interface NewFile {
  readonly path: string
  readonly bytes: Uint8Array
  readonly isExecutable: boolean
}

export interface FolderLook {
  /** Absolute. */
  readonly folder: string
  /** Texts of the instance's own files; null for those that are not there. */
  readonly settings: string | null
  readonly users: string | null
  readonly desired: string | null
  readonly gitignore: string | null
  /** True when desired/ holds any TOML file: that of a host, for example. */
  readonly hasDesired: boolean
  /** Directories under stacklets/ with a stacklet.toml. */
  readonly stacklets: readonly StackletId[]
  /** Where the state of an instance is, ours or the original's; null where there is none. */
  readonly state: '.stack' | '.famstack' | null
  /** Stacklets that were set up here, by the marker files of that state. */
  readonly setUp: readonly StackletId[]
}
