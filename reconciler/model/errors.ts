import type { Problem, SourcePosition } from './problem.ts'

/** Every code an error of ours can carry; docs/errors.md explains each, and a test holds the two together. */
export const errorCodes = [
  'STACK_INVALID',
  'STACK_NO_INSTANCE',
  'STACK_UNKNOWN_STACKLET',
  'STACK_UNKNOWN_PROJECT',
  'STACK_NOT_ADOPTABLE',
  'STACK_REFUSED',
  'STACK_ENGINE_UNREACHABLE',
  'STACK_ENGINE_REFUSED',
  'STACK_COMPOSE_MISSING',
  'STACK_COMPOSE_FAILED',
  'STACK_STUCK',
  'STACK_GIT_FAILED',
  'STACK_NOT_COMMITTED',
  'STACK_DIVERGED',
  'STACK_UNVERIFIED',
  'STACK_SECRETS_BROKEN',
  'STACK_UNKNOWN_SECRET',
  'STACK_STATE_BROKEN',
  'STACK_PLAN_INVALID',
  'STACK_STALE',
  'STACK_FILES_FAILED',
  'STACK_UNHEALTHY',
  'STACK_HOOK_FAILED',
  'STACK_ROUTE_REFUSED',
  'STACK_PROXY_UNREACHABLE',
  'STACK_LOCKED',
  'STACK_HOST_CHANGED',
  'STACK_FOREIGN',
  'STACK_NO_FIXED_POINT',
  'STACK_TIMED_OUT',
  'STACK_CANCELLED',
  'STACK_SUPERSEDED',
  'STACK_QUARANTINED',
  'STACK_FLAPPING',
  'STACK_USAGE',
  'STACK_BUG',
] as const
export type ErrorCode = (typeof errorCodes)[number]

export interface ErrorDetails {
  /** What to do next, in the imperative. */
  readonly hint: string
  readonly at?: SourcePosition | undefined
  readonly cause?: unknown
  /** True where trying again cannot help: a person must change something first. */
  readonly terminal?: boolean
  /** The last lines a failed program printed, oldest first. */
  readonly output?: readonly string[]
}

/**
 * A failure that says what happened, where, and what to do next. `message` names the stacklet or file; `hint` is the next
 * command or edit; `code` is stable and documented in docs/errors.md.
 */
export class StackError extends Error {
  readonly code: ErrorCode
  readonly hint: string
  readonly at: SourcePosition | undefined
  readonly terminal: boolean
  readonly output: readonly string[]

  constructor(code: ErrorCode, message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'StackError'
    this.code = code
    this.hint = details.hint
    this.at = details.at
    this.terminal = details.terminal ?? false
    this.output = details.output ?? []
  }
}

/** Every complaint about what a user wrote, at once. Thrown where a command cannot go on with them. */
export class InvalidInstance extends StackError {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    const first = problems.find((problem) => problem.level === 'error')
    const more = problems.filter((problem) => problem.level === 'error').length - 1
    const tail = more > 0 ? ` (and ${more} more; stack validate lists them)` : ''
    super('STACK_INVALID', `${first?.message ?? 'the instance is not valid'}${tail}`, {
      hint: first?.hint ?? 'run stack validate',
      at: first?.at ?? undefined,
      terminal: true,
    })
    this.problems = problems
  }
}
