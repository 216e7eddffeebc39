import type { ObservedFiles } from '../model/actual.ts'
import type { StackletId } from '../model/names.ts'
import type { Secret } from '../model/secret.ts'

/** The files we write beside and for a stacklet. Paths never leave the instance or the data folder. */
export interface InstanceFiles {
  /** What lies on disk for each of these stacklets; `dataDir` is the absolute folder that holds their data. */
  look(ids: readonly StackletId[], dataDir: string): Promise<Readonly<Record<string, ObservedFiles>>>
  /** Writes a file of ours, 0600 from the first byte and atomically; equal content is not written again. */
  write(file: OwnFile, id: StackletId, content: Secret): Promise<void>
  /** Removes a file of ours; one that is not there is no error. */
  remove(file: OwnFile, id: StackletId): Promise<void>
  /** Moves the stacklet's data folder to the trash beside it and answers where it lies now; null when there was none. */
  trash(id: StackletId, dataDir: string, at: Date): Promise<string | null>
  /** Where things are, absolute. `document` is null until one was written. */
  paths(id: StackletId): Promise<StackletPaths>
}

/**
 * env: `.env`; marker: `.stack/<id>.setup-done`; progress: `.stack/<id>.setup-progress`, the once-only hooks that ended well
 * before the marker, a line each; services: `.stack/<id>.services`, those of the host that we started, a line each; hook:
 * `.stack/<id>.hook`, the hook that runs now; document: `.stack/compose/<id>.yml`.
 */
export type OwnFile = 'env' | 'marker' | 'progress' | 'services' | 'hook' | 'document'

export interface StackletPaths {
  readonly directory: string
  readonly document: string | null
}
