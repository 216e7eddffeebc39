import type { StackletId } from '../model/names.ts'

/** Deletes for good what only a person may ask to be gone. Paths never leave the instance or the data folder. */
export interface Demolition {
  /** Deletes a stacklet's data folder; answers false when there was none. A link in its place is refused, not followed. */
  purgeData(id: StackletId, dataDir: string, at: Date): Promise<boolean>
  /**
   * Deletes `.stack/`, all that this host remembers. Secrets are moved to the trash, where there is one to keep them for: data
   * in it is of no use without them. Answers where they lie now; null when there were none, or no trash is wanted.
   */
  removeState(trash: SecretsTrash | null): Promise<string | null>
}

export interface SecretsTrash {
  /** Absolute; the trash is in it. */
  readonly dataDir: string
  readonly at: Date
}
