import type { DesiredStacklet } from '../model/desired.ts'
import type { Revision, StackletId } from '../model/names.ts'
import type { Secret } from '../model/secret.ts'

/** The last version of each stacklet that was applied and found well, complete: `.stack/good/<id>/`, 0600. */
export interface GoodVersions {
  /** Null where there is none, and where another version of this program wrote it. */
  read(id: StackletId): Promise<KeptVersion | null>
  /** Keeps this one in place of the one before, with a copy of its files; all or nothing. What is kept already is not written again. */
  save(version: GoodVersion): Promise<void>
  forget(id: StackletId): Promise<void>
}

export interface GoodVersion {
  readonly wanted: DesiredStacklet
  readonly revision: Revision | null
  /** What each image reference meant. */
  readonly images: Readonly<Record<string, string>>
  /** What Compose ran it from; null without a Compose file. */
  readonly document: Secret | null
}

/**
 * What the document mounts or builds from, and git has changed meanwhile, is taken from our copy; a folder in which other files
 * lie as well stays where it is, because somebody's data may be among them.
 */
export interface KeptVersion extends GoodVersion {
  /** Absolute folder of our copy of its directory: its hooks are there. */
  readonly directory: string
}
