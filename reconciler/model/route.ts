import type { Digest, StackletId } from './names.ts'
import type { SourcePosition } from './problem.ts'
import type { Template } from './stacklet.ts'

/** Whose certificate a site has: one that a public authority signs (`auto`), one of Caddy's own (`internal`), none (`off`). */
export const tlsKinds = ['auto', 'internal', 'off'] as const
export type Tls = (typeof tlsKinds)[number]

/** `[route]` as written: nothing rendered, nothing looked up. */
export interface RouteDeclaration {
  /** Null: `<id>.<domain>`. */
  readonly host: Template | null
  /** `/wiki`; empty: the whole host. */
  readonly path: string
  /** Whether the service is asked without that prefix. */
  readonly strip: boolean
  /** A service of the Compose file; null: the one that publishes the stacklet's port, or the only one. */
  readonly service: string | null
  /** Where that service listens in its container; null: where its published port leads. */
  readonly port: number | null
  /** Null: as the domain says. */
  readonly tls: Tls | null
  readonly at: SourcePosition
}

/** A route with its host rendered. */
export interface Route extends Omit<RouteDeclaration, 'host' | 'tls'> {
  readonly host: string
  readonly tls: Tls
}

/** `caddy.snippet` as git has it, with the files of its directory that it imports, by the path it names. */
export interface SnippetSource {
  readonly file: string
  readonly text: string
  readonly imports: Readonly<Record<string, string>>
}

/** The same as Caddy gets it: imports in their place, our variables filled in. */
export interface Snippet {
  readonly text: string
  /** Where each line of it was written. */
  readonly lines: readonly SourcePosition[]
}

/** What a visitor asks for: one owner has it. */
export interface Site {
  readonly host: string
  /** Empty: the whole host. */
  readonly path: string
  readonly tls: Tls
}

/** Everything that one stacklet adds to the proxy. */
export interface RoutePart {
  readonly stacklet: StackletId
  /** False: each of its sites answers 503. */
  readonly isUp: boolean
  readonly sites: readonly Site[]
  /** In the proxy's own words, which nobody else reads. */
  readonly content: string
  /** Of sites and content: equal digests are served alike. */
  readonly digest: Digest
}

/** The proxy as the settings describe it. */
export interface Front {
  /** Where an own Caddy of the host listens for its administrator; null: Caddy runs in a container of a stacklet. */
  readonly admin: string | null
  /** The stacklet that runs it; null where none does. */
  readonly stacklet: StackletId | null
  /** Ports of the host. */
  readonly httpPort: number
  readonly httpsPort: number
  /** Whether sites with a certificate of Caddy's own are served with it alone. */
  readonly onlyHttps: boolean
  readonly acme: Acme
}

/** Who signs certificates of `tls = "auto"`. */
export interface Acme {
  readonly email: string | null
  /** The address of an ACME directory; null: those of the public authorities. */
  readonly ca: string | null
  /** PEM of whoever vouches for that address; null: the roots that the world trusts. */
  readonly root: string | null
}

/** What the proxy serves, as one look saw it. */
export interface ServedRoutes {
  /** Whether it answered; else `parts` is what it serves as soon as it runs. */
  readonly isLive: boolean
  /** What we loaded last, by stacklet. */
  readonly parts: readonly RoutePart[]
  /** Stacklets of whose part something was taken away or altered since. */
  readonly altered: readonly StackletId[]
  /** Whether anything at all is served otherwise than we loaded it, or than the settings say now. */
  readonly isAltered: boolean
}
