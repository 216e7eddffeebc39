import type { DesiredState } from '../model/desired.ts'
import type { Problem, SourcePosition } from '../model/problem.ts'
import type { RouteDeclaration } from '../model/route.ts'
import type { Pace } from '../model/settings.ts'
import type { Template } from '../model/stacklet.ts'
import type { UpdateRules } from '../model/update.ts'

/** `desired.toml`, read and checked by itself: nothing looked up, nothing rendered. */
export interface DesiredDocument {
  readonly file: string
  readonly pace: Pace
  /** In the order written. */
  readonly entries: readonly DesiredEntry[]
  /** True when the file is missing or lists no stacklet. */
  readonly isEmpty: boolean
  readonly problems: readonly Problem[]
}

/** One `[stacklets.<id>]`. */
export interface DesiredEntry {
  /** As written: not checked against anything yet. */
  readonly id: string
  readonly at: SourcePosition
  readonly state: DesiredState
  readonly requires: readonly Mention[]
  readonly env: Readonly<Record<string, Template>>
  /** Fields that may differ from what was applied: `HostConfig.Memory`. */
  readonly driftIgnore: readonly string[]
  readonly update: UpdateRules
  readonly routes: readonly RouteDeclaration[]
  readonly backup: BackupPlan | null
}

/** The id of another stacklet, where it was written. */
export interface Mention {
  readonly id: string
  readonly at: SourcePosition
}

export interface BackupPlan {
  readonly method: string | null
  readonly schedule: string | null
  readonly keep: number | null
  readonly target: string | null
  readonly recipients: readonly string[]
}
