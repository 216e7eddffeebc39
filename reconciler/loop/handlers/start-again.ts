import type { DesiredStacklet } from '../../model/desired.ts'
import { StackError } from '../../model/errors.ts'
import { situationOf } from '../../plan/situation.ts'
import { startsAgain } from '../../plan/starts-again.ts'
import { renderedNow, type StepContext } from '../run-context.ts'

/**
 * Starts what has merely exited, without Compose: a container that has all it needs is up in a fraction of the time. Answers what it was
 * rendered to; null where that is not the case, or the engine refuses: Compose knows what to make of it.
 */
export async function startAgain(id: DesiredStacklet['id'], context: StepContext): Promise<DesiredStacklet | null> {
  const { world, desired, actual, signal } = context
  const wanted = await renderedNow(context, id)
  const container = startsAgain(situationOf(wanted, desired, actual), actual)
  if (container === null) return null
  try {
    await world.engine.act('start', container.id, signal)
    return wanted
  } catch (thrown) {
    if (thrown instanceof StackError && thrown.code === 'STACK_ENGINE_REFUSED') return null
    throw thrown
  }
}
