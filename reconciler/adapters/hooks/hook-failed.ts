import { constants } from 'node:os'

import { StackError } from '../../model/errors.ts'
import type { Ending } from './supervise.ts'

export interface HookOutcome {
  readonly ending: Ending
  /** What the hook's own exception said; null where it said none. */
  readonly exception: string | null
  /** Its last lines, oldest first. */
  readonly output: readonly string[]
}

/** What failed, for its error. */
export interface Failing {
  /** `on_install of photos`. */
  readonly name: string
  /** Where it is written. */
  readonly file: string
  readonly timeoutMs: number
  /** What to do when it failed by itself. */
  readonly hint: string
}

/** Null when it ended well. */
export function failureOf({ name, file, timeoutMs, hint }: Failing, outcome: HookOutcome): StackError | null {
  const { ending, output } = outcome
  switch (ending.how) {
    case 'exited':
      if (ending.code === 0) return null
      return new StackError('STACK_HOOK_FAILED', `${name} failed: ${reasonOf(outcome, ending.code)}`, { hint, output })
    case 'killed':
      return new StackError('STACK_HOOK_FAILED', `${name} was ended by ${ending.by}`, { hint, output })
    case 'cancelled':
      return new StackError('STACK_CANCELLED', `${name} was interrupted`, { hint: 'run it again', output })
    case 'timed out':
      return new StackError('STACK_TIMED_OUT', `${name} took longer than ${inWords(timeoutMs)} and was ended`, {
        hint: `see in its last lines what it waits for, or raise timeout in [hooks] of stack.toml (${file})`,
        output,
      })
  }
}

export function cannotRun({ name, file }: Pick<Failing, 'name' | 'file'>, cause: Error): StackError {
  const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
  const program = file.endsWith('.py') ? 'python3' : 'bash'
  return new StackError('STACK_HOOK_FAILED', `${name} cannot be run: ${cause.message}`, {
    hint: isMissing ? `install ${program} on this host and see that PATH finds it` : `mend ${file}`,
    cause,
  })
}

export function cancelledBefore(name: string): StackError {
  return new StackError('STACK_CANCELLED', `${name} was not begun: the run was interrupted`, { hint: 'run it again' })
}

const longestReason = 2000

function reasonOf({ exception, output }: HookOutcome, code: number): string {
  if (exception !== null) return exception.slice(0, longestReason)
  const lastLine = output.at(-1)
  const exit = `exit ${code}${signalIn(code)}`
  return lastLine === undefined ? `${exit}, without a word` : `${lastLine} (${exit})`
}

/** Shells tell so that a signal ended what they ran. */
function signalIn(code: number): string {
  const found = Object.entries(constants.signals).find(([, number]) => number === code - 128)
  return found === undefined ? '' : `, ${found[0]}`
}

function inWords(ms: number): string {
  if (ms < 1000) return `${ms} ms`
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`
  return `${Math.round(ms / 60_000)} min`
}
