import type { StackletId } from './names.ts'

/** What an engine tells of itself and of our containers, in the order in which it was told. Hints: a look says what is so. */
export type EngineNews = ContainerNews | EngineUp | EngineLost

export type ContainerNews = NewsAbout & Happening

export interface NewsAbout {
  /** The engine's own time: nanoseconds since 1970, more digits than a number has room for. */
  readonly atNs: string
  readonly containerId: string
  readonly name: string
  /** As Compose labels them; null for what Compose did not make. */
  readonly project: string | null
  readonly service: string | null
  readonly stacklet: StackletId | null
}

export type Happening =
  | { readonly kind: 'died'; readonly exitCode: number }
  /** Any signal that was sent through the engine; not all of them kill. */
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'renamed'; readonly from: string }
  | { readonly kind: 'connected' | 'disconnected'; readonly network: string }
  | { readonly kind: 'stopped' | 'created' | 'started' | 'paused' | 'unpaused' | 'updated' | 'removed' }
  | { readonly kind: 'healthy' | 'unhealthy' }

export interface EngineUp {
  readonly kind: 'engine-up'
  readonly atNs: string
  /**
   * True when nothing is missing between the last news and these. False after the engine was started anew, or when more happened
   * meanwhile than it remembers: what is told of the time before `atNs` may then be the engine's own doing.
   */
  readonly isSeamless: boolean
}

export interface EngineLost {
  readonly kind: 'engine-lost'
  readonly atNs: string
  readonly why: string
}
