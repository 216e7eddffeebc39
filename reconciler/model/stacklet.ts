import type { Digest, StackletId } from './names.ts'
import type { SourcePosition } from './problem.ts'
import type { RouteDeclaration, SnippetSource } from './route.ts'

/** What a stacklet's directory says, read and checked, nothing rendered yet. Optional things that are absent are null or empty. */
export interface Stacklet {
  readonly id: StackletId
  readonly name: string
  readonly description: string
  readonly version: string
  readonly category: string
  /** The directory, relative to the root: `stacklets/photos`. */
  readonly path: string
  readonly port: number | null
  readonly ports: Readonly<Record<string, number>>
  readonly alwaysOn: boolean
  readonly kind: 'docker' | 'host'
  readonly requires: readonly StackletId[]
  readonly build: boolean
  readonly loginField: 'email' | 'username' | null
  readonly upstream: Upstream | null
  readonly env: EnvDeclaration
  readonly hints: readonly Template[]
  readonly health: HealthDeclaration | null
  readonly services: readonly NativeService[]
  /** Which comes first when a container is replaced: start-first where that may be. */
  readonly updateOrder: 'start-first' | 'stop-first'
  readonly routes: readonly RouteDeclaration[]
  /** Whether its Compose file is the proxy of this host: left out where none is needed. */
  readonly proxy: boolean
  /** caddy.snippet; null without one. */
  readonly snippet: SnippetSource | null
  /** The bytes of docker-compose.yml as text; null for a stacklet without one. */
  readonly compose: string | null
  /**
   * Every file that git knows in the directory, by path inside it, and those elsewhere in the root that its Compose file names
   * (`../shared/site.conf`): what decides whether the stacklet changed.
   */
  readonly files: Readonly<Record<string, Digest>>
  /** Places that its Compose file names, by path in the root: what lies there counts, whatever it is. */
  readonly references: readonly string[]
  /** Folder of a .dockerignore, by path inside the directory, to its patterns. */
  readonly ignores: Readonly<Record<string, readonly string[]>>
}

/** A text with `{variables}`, and where it was written. */
export interface Template {
  readonly text: string
  /** Where the value begins in the file. */
  readonly at: SourcePosition
  /** The value as it stands in the file, quotes and escapes included: turns a place in `text` into a line and column. */
  readonly written?: string
}

export interface Upstream {
  readonly image: string
  readonly channel: string
}

export interface EnvDeclaration {
  /** Names whose values are made once and kept as secrets. */
  readonly generate: readonly string[]
  /** Name to template, in the order written. Values that were numbers or booleans are already text. */
  readonly defaults: Readonly<Record<string, Template>>
}

export interface HealthDeclaration {
  readonly checks: readonly HealthCheckDeclaration[]
  /** How long a start may take until every check passes. */
  readonly timeoutMs: number
}

export interface HealthCheckDeclaration {
  readonly url: Template
  readonly name: string | null
  readonly hint: string | null
  readonly headers: Readonly<Record<string, Template>>
  /** JSONPath into the body; with it `expect` is compared with the value found there. */
  readonly path: string | null
  /** A status code when it is three digits and there is no path, else a value the body must hold. Null: any 2xx. */
  readonly expect: string | null
}

export interface NativeService {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly checkUrl: Template | null
  readonly start: Template | null
  readonly stop: Template | null
}
