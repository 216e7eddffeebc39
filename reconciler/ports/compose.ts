import type { ComposeProject } from '../model/compose-project.ts'
import type { LockedImage } from '../model/locked-image.ts'
import type { StackletId } from '../model/names.ts'
import type { Secret } from '../model/secret.ts'

/** Compose v2, called as a program. Every call has a deadline and ends its whole process group when cancelled. */
export interface Compose {
  /**
   * What Compose makes of a stacklet's file with these values. Reads only; needs no `.env` on disk and no engine. The
   * answer's document is complete: absolute paths, nothing left to interpolate, our labels on every service.
   * Complaints about the file are answers, not throws.
   */
  resolve(request: ComposeRequest, signal: AbortSignal): Promise<ComposeAnswer>
  /** Pulls one image. Throws `STACK_COMPOSE_FAILED` with the registry's words. */
  pull(project: AppliedProject, services: readonly string[], signal: AbortSignal): Promise<void>
  build(project: AppliedProject, services: readonly string[], signal: AbortSignal): Promise<void>
  /**
   * Creates and starts what the document says, leaving alone what already matches; `recreate` names services that must get
   * new containers. Services that are no longer in the document are left for `remove-orphan`. Compose itself waits for ever
   * for a dependency that stays `starting`: after `deadlineMs` it is ended and `STACK_TIMED_OUT` thrown.
   */
  up(project: AppliedProject, options: UpOptions, signal: AbortSignal): Promise<void>
  /** Stops (`stop`) or removes (`down`: containers and the project's networks, never volumes) what the project runs. */
  end(how: 'stop' | 'down', project: AppliedProject, signal: AbortSignal): Promise<void>
}

export interface ComposeRequest {
  readonly id: StackletId
  /** Absolute directory of the stacklet, where docker-compose.yml lies or would lie. */
  readonly directory: string
  /** The text of docker-compose.yml; it may come from a commit and differ from the file on disk. */
  readonly text: string
  /** Values for interpolation and for `env_file: .env`. */
  readonly values: Readonly<Record<string, string>>
  /** Added to every service. */
  readonly labels: Readonly<Record<string, string>>
  /** What its services run, by service, where the file still says the image that the line is about. */
  readonly locked: Readonly<Record<string, LockedImage>>
}

export type ComposeAnswer =
  | { readonly kind: 'resolved'; readonly project: ComposeProject; readonly document: Secret }
  | { readonly kind: 'refused'; readonly complaints: readonly ComposeComplaint[] }

export interface ComposeComplaint {
  readonly code: 'compose' | 'unset-variable'
  readonly message: string
  readonly hint: string
  /** Position in docker-compose.yml, from 1; 0 where Compose does not tell. */
  readonly line: number
  readonly column: number
}

export interface UpOptions {
  readonly recreate: readonly string[]
  /** Services, and how many containers each is to have: new ones beside those that are there, which stay as they are; no others. */
  readonly beside?: Readonly<Record<string, number>>
  readonly deadlineMs: number
}

/** A project to act on. The document was written by us; where it is gone, Compose goes by the project's labels. */
export interface AppliedProject {
  readonly name: string
  /** Absolute path of the resolved document, null when there is none. */
  readonly documentPath: string | null
  /** Absolute directory of the stacklet: build contexts are relative to it. */
  readonly directory: string
}
