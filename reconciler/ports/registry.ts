import type { ImageReference } from '../lib/image-reference.ts'
import type { Secret } from '../model/secret.ts'

/** Where images come from. Asks, and pulls nothing: no manifest and no layer travels. Nothing that it says holds a secret. */
export interface Registry {
  /** What the tag means there now: one HEAD. A registry that fails, refuses, hangs or talks rubbish is an answer, not a throw. */
  digest(image: Repository, tag: string, signal: AbortSignal): Promise<RegistryAnswer<string>>
  /** Every tag of the repository, page by page. */
  tags(image: Repository, signal: AbortSignal): Promise<RegistryAnswer<readonly string[]>>
  /** What Docker's own files and helpers would log in with; null: as nobody. */
  login(registry: string, signal: AbortSignal): Promise<Login | null>
}

export type Repository = Pick<ImageReference, 'registry' | 'repository'>

export type RegistryAnswer<Value> =
  | { readonly kind: 'answered'; readonly value: Value }
  | {
      readonly kind: 'failed'
      /** Completes "… could not be asked: ". */
      readonly why: string
      /** Until when the registry wants to be left alone; null: it did not say. */
      readonly retryAtMs: number | null
    }

export interface Login {
  readonly username: string
  readonly password: Secret
}
