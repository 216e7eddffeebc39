import type { Digest, StackletId } from '../model/names.ts'
import type { SourcePosition } from '../model/problem.ts'
import type { Front, Route, RoutePart, ServedRoutes, Snippet } from '../model/route.ts'

/** The web server in front of all stacklets. One bad site never harms another: what it refuses changes nothing. */
export interface FrontProxy {
  /** What the proxy makes of one stacklet's routes, judged alone. Changes nothing. Complaints are answers, not throws. */
  adapt(question: AdaptQuestion, front: Front, signal: AbortSignal): Promise<AdaptAnswer>
  /** What is served now; where nothing answers, what will be. Never throws for that. */
  served(front: Front, signal: AbortSignal): Promise<ServedRoutes>
  /**
   * Serves exactly these. All or nothing: where it throws, everything is served as before. What is served already is not
   * loaded again.
   */
  load(parts: readonly RoutePart[], front: Front, signal: AbortSignal): Promise<void>
  /**
   * Makes what the proxy's container needs to start: the folder it shares with us, what it serves at first, and the absolute folder
   * `data`, where it keeps certificates.
   */
  prepare(front: Front, data: string): Promise<void>
}

export interface AdaptQuestion {
  readonly stacklet: StackletId
  readonly routes: readonly TargetedRoute[]
  readonly snippet: Snippet | null
  /** What is served of this stacklet: the same again needs no further proof. */
  readonly known: Digest | null
}

export interface TargetedRoute extends Route {
  /** `stack-photos:2283`, as the proxy reaches it; one for each container. */
  readonly dials: readonly string[]
  /** Whether a visitor may wait a moment for a container that is about to be there. */
  readonly isPatient: boolean
}

export type AdaptAnswer =
  | { readonly kind: 'adapted'; readonly part: RoutePart }
  | { readonly kind: 'refused'; readonly complaints: readonly RouteComplaint[] }
  | { readonly kind: 'unreachable'; readonly why: string }

export interface RouteComplaint {
  readonly message: string
  readonly hint: string
  readonly at: SourcePosition
}
