import type { Stay } from '../../definitions/adopt/place-paths.ts'
import type { Revision, StackletId } from '../../model/names.ts'

/** What became of a project, or would. */
export interface Adopted {
  readonly project: string
  readonly id: StackletId
  readonly state: 'running' | 'stopped' | 'paused'
  /** Where its files were, absolute. */
  readonly directory: string
  /** Containers that go on as they are. */
  readonly containers: readonly string[]
  /** Files of the stacklet, by path in the instance. */
  readonly files: readonly string[]
  /** Names in `.stack/secrets.toml`. */
  readonly secrets: readonly string[]
  /** What its Compose file names and is used where it is. */
  readonly stays: readonly Stay[]
  /** Null for a preview, and where git had all of it already. */
  readonly revision: Revision | null
  /** What a person should know, a sentence each. */
  readonly notes: readonly string[]
}
