import { isSecretName } from '../lib/secret-names.ts'
import type { ComposeProject } from './compose-project.ts'
import type { LockedImage } from './locked-image.ts'
import type { Digest, Revision, StackletId } from './names.ts'
import type { Problem } from './problem.ts'
import type { Front, Route, RoutePart, Snippet } from './route.ts'
import type { Secret } from './secret.ts'
import type { Pace, Settings, User } from './settings.ts'
import type { Stacklet } from './stacklet.ts'
import type { UpdateRules } from './update.ts'

export const desiredStates = ['running', 'stopped', 'paused', 'absent'] as const
export type DesiredState = (typeof desiredStates)[number]

/** What must be true of this host, complete: everything rendered, every reference resolved. */
export interface Desired {
  readonly host: string
  /** The commit it was read from; null in a folder that has no commit yet. */
  readonly revision: Revision | null
  /** True when it was read from a work tree that differs from the commit. */
  readonly dirty: boolean
  readonly pace: Pace
  readonly settings: Settings
  /** The web server in front of all stacklets; null in port mode. */
  readonly front: Front | null
  readonly users: readonly User[]
  /** What desired.toml lists, by id. */
  readonly stacklets: readonly DesiredStacklet[]
  /** Ids declared absent whose directory is gone as well. */
  readonly gone: readonly StackletId[]
  /** What lies in stacklets/ and is not listed, by id. */
  readonly undeclared: readonly Stacklet[]
  readonly problems: readonly Problem[]
  /** True when desired.toml is missing or lists nothing: nothing may be removed on its word. */
  readonly isEmpty: boolean
  /** Absent ones whose data a person wants gone for good in this run, not in the trash. */
  readonly purge?: readonly StackletId[]
  /** True in a run that nobody asked for: what failed waits for its next try. */
  readonly isUnattended?: boolean
  /** Stacklets that are looked into at this moment: nothing is done to them. */
  readonly leftAlone?: readonly StackletId[]
  /** Digests in `Stack-Approve:` trailers of the commit. */
  readonly approvals: readonly Digest[]
}

export interface DesiredStacklet {
  readonly id: StackletId
  readonly stacklet: Stacklet
  readonly state: DesiredState
  /** The manifest's and desired.toml's, sorted. */
  readonly requires: readonly StackletId[]
  readonly env: RenderedEnv
  /** Where a person reaches it; null without a port. */
  readonly url: string | null
  readonly hints: readonly string[]
  readonly health: HealthProbe
  /** Programs beside Docker that a host stacklet keeps running. */
  readonly services: readonly HostService[]
  /** What it declares to be served under names of its own; empty in port mode. */
  readonly routes: readonly Route[]
  /** The same in Caddy's language; null in port mode. */
  readonly snippet: Snippet | null
  /** What the proxy makes of both; null where there is nothing, and as long as nobody could ask it. */
  readonly part: RoutePart | null
  /** What git says in its directory, in one digest. */
  readonly content: Digest
  /** Everything that git says of it, its values included, and nothing that the host adds: what a person has to change to make it another. */
  readonly declared: Digest
  /** What the host adds, by name: `env TZ`. A plan names the ones that moved. */
  readonly inputs: Readonly<Record<string, Digest>>
  /** What git locked its services to, by service: part of the content. */
  readonly locked: Readonly<Record<string, LockedImage>>
  /** What may be done about its images, as desired.toml says it; its manifest may say more. */
  readonly update: UpdateRules
  /** Fields of a container that may differ from what was applied: `HostConfig.Memory`, `Config.Env.*`. */
  readonly driftIgnore: readonly string[]
  /** Null without a docker-compose.yml, and while an error keeps it from being resolved. */
  readonly project: ComposeProject | null
  /** Why a run leaves this one alone for now: uncommitted edits. Null when nothing does. */
  readonly waitsFor: string | null
  /** Errors in its own directory: it and its dependents stall. */
  readonly problems: readonly Problem[]
  /** Set where this is not what git says, but the last good version in the place of one that is quarantined. */
  readonly rolledBack: RolledBack | null
}

export interface RolledBack {
  /** True until it was found well again. */
  readonly isPending: boolean
  /** What Compose runs it from. */
  readonly document: Secret | null
  /** What each image reference meant when it was well. */
  readonly images: Readonly<Record<string, string>>
  /** Absolute folder of our copy of its directory. */
  readonly directory: string
}

/** The environment of a stacklet as its containers and Compose see it, sorted by name. */
export interface RenderedEnv {
  readonly values: readonly EnvValue[]
  /** Full names (`photos__DB_PASSWORD`) of secrets without a value yet; they are made when the stacklet is first applied. */
  readonly missing: readonly string[]
}

export interface EnvValue {
  readonly name: string
  readonly text: Secret
  /** True when a secret went into it: shown as `***` unless asked for. */
  readonly isSecret: boolean
}

/** What may be shown of an environment, under the names that inputs have: `env TZ`. */
export function plainValues({ values }: RenderedEnv): Readonly<Record<string, string>> {
  const plain = values.filter(({ name, isSecret }) => !isSecret && !isSecretName(name))
  return Object.fromEntries(plain.map(({ name, text }) => [`env ${name}`, text.reveal()]))
}

/** One program of the host: how to see whether it runs, and what the manifest says starts and stops it. */
export interface HostService {
  readonly id: string
  readonly name: string
  /** Null where nothing tells whether it runs; then it is taken to run once it was started. */
  readonly check: HealthCheck | null
  readonly start: string | null
  readonly stop: string | null
}

export interface HealthProbe {
  readonly checks: readonly HealthCheck[]
  readonly timeoutMs: number
}

/** One question to a running service, rendered. `url` and header values may hold secrets and are never printed with them. */
export interface HealthCheck {
  readonly label: string
  readonly url: Secret
  readonly headers: Readonly<Record<string, Secret>>
  readonly path: string | null
  readonly expect: string | null
  readonly hint: string | null
}
