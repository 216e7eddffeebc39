import type { Login } from './registry.ts'

/** The images on the engine. */
export interface ImageStore {
  /** Makes a reference mean this image; false where the image is gone. One with a digest means what it always does. */
  tag(imageId: string, reference: string, signal: AbortSignal): Promise<boolean>
  /** Those of the references that are here. */
  describe(references: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, StoredImage>>
  /** Fetches one image by its digest (`name@sha256:…`); one that is here costs nothing. No tag moves. Throws with the engine's words. */
  pull(reference: string, login: Login | null, signal: AbortSignal): Promise<void>
  /** Every image, and whether a container of any state was made from it. */
  list(signal: AbortSignal): Promise<readonly ListedImage[]>
  /** Takes one reference away, and the image with its last; what a container was made from stays, and that is no error. */
  remove(reference: string, signal: AbortSignal): Promise<void>
}

export interface StoredImage {
  readonly id: string
  /** `ghcr.io/x/y@sha256:…`: what registries know it by. */
  readonly digests: readonly string[]
  /** What its labels say; null where they say nothing. */
  readonly version: string | null
}

export interface ListedImage {
  readonly id: string
  readonly tags: readonly string[]
  readonly digests: readonly string[]
  readonly isUsed: boolean
}
