import type { Revision, StackletId } from './names.ts'
import type { UpdateDecision } from './update.ts'

/** `updated` and `put-back` are what became of an `update` that was not only checked. */
export type UpdateWord = UpdateDecision['kind'] | 'updated' | 'put-back' | 'waiting'

/** One service and its image, for a reader. */
export interface ReportedImage {
  readonly stacklet: StackletId
  readonly service: string
  readonly image: string
  /** `1.2.3@sha256:…`; null where nobody knows. */
  readonly current: string | null
  readonly candidate: string | null
  /** `patch, Sat,Sun 03:00-05:00` */
  readonly policy: string
  readonly decision: UpdateWord
  /** A sentence. */
  readonly because: string
}

export interface UpdateReport {
  readonly checkedAt: string
  readonly images: readonly ReportedImage[]
  /** The commit that changed the lock; null when none did. */
  readonly revision: Revision | null
  readonly notes: readonly string[]
  /** Whether something went wrong that no image tells. */
  readonly failed: boolean
}
