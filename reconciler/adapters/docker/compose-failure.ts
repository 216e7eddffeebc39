import { StackError } from '../../model/errors.ts'
import type { Ran } from '../process/run.ts'
import { lastLine } from './compose-complaints.ts'
import { saysEngineIsGone } from './engine-gone.ts'
import { explainFailure } from './explain-failure.ts'
import { isStuck, stuckHint } from './stuck-task.ts'

/** Compose counts what it does, which tells nothing of what went wrong. */
const counting = /^ *(?:Container|Network|Volume|Image) \S+ +[A-Z]\w+ *$/

/** Why a call of Compose ended badly, in words that help. */
export function composeFailure(
  doing: string,
  ran: Ran,
  { timeoutMs, directory }: { readonly timeoutMs: number; readonly directory: string },
): StackError {
  const output = ran.stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !counting.test(line))
    .slice(-10)
  if (ran.timedOut) {
    const seconds = Math.round(timeoutMs / 1000)
    const hint = 'a dependency may never become healthy; docker ps -a shows which'
    return new StackError('STACK_TIMED_OUT', `${doing} took longer than ${seconds} s and was ended`, { hint, output })
  }
  if (ran.cancelled) return new StackError('STACK_CANCELLED', `${doing} was cancelled`, { hint: 'run it again' })
  if (isStuck(ran.stderr))
    return new StackError('STACK_STUCK', `${doing} failed: ${lastLine(ran.stderr)}`, { hint: stuckHint, output })
  if (saysEngineIsGone(ran.stderr)) {
    const gone = 'wait until it is back, and run it again: it goes on from here; stack doctor looks why it left'
    const message = `${doing} was cut short, because the engine went away: ${lastLine(ran.stderr)}`
    return new StackError('STACK_ENGINE_UNREACHABLE', message, { hint: gone, output })
  }
  const { why, hint } = explainFailure(ran.stderr, directory) ?? {
    why: lastLine(ran.stderr),
    hint: "the words are Compose's own; mend what they name and run it again",
  }
  return new StackError('STACK_COMPOSE_FAILED', `${doing} failed: ${why}`, { hint, output })
}
