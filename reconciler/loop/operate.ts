import { hookFiles } from '../lib/hook-files.ts'
import type { Desired, DesiredStacklet } from '../model/desired.ts'
import { StackError } from '../model/errors.ts'
import type { World } from '../ports/world.ts'
import { loadDesired } from './load-desired.ts'
import type { RunReport } from './outcome.ts'
import { idsOf, unknownStacklet } from './preview.ts'
import { type RunRequest, reconcile } from './reconcile.ts'

export interface OperateRequest extends Omit<RunRequest, 'trigger' | 'wish'> {
  /** restart: stopped, dependents first, and started again. setup: on_install_success runs once more. */
  readonly operation: 'restart' | 'setup'
  readonly ids: readonly string[]
}

/** Does something once to stacklets that are declared running, and changes nothing of what is declared. */
export async function operate(world: World, request: OperateRequest, signal: AbortSignal): Promise<RunReport> {
  const { operation, home } = request
  const { desired } = await loadDesired(world, 'head', home, signal)
  const stacklets = [...new Set(request.ids)].map((id) => running(id, operation, desired))
  if (operation === 'setup') for (const one of stacklets) mustHaveHook(one)
  const ids = stacklets.map((one) => one.id)
  const [restart, setUp] = operation === 'restart' ? [ids, []] : [[], ids]
  const trigger = `stack ${operation} ${ids.join(' ')}`
  return reconcile(world, { ...request, trigger, wish: { only: ids, restart, setUp, purge: [] } }, signal)
}

function running(id: string, operation: string, { stacklets, undeclared }: Desired): DesiredStacklet {
  const found = stacklets.find((one) => one.id === id)
  if (found?.state === 'running') return found
  if (found !== undefined) {
    throw refusal(`${id} is declared ${found.state}: there is nothing to ${operation}`, `start it: stack up ${id}`)
  }
  if (undeclared.some((one) => one.id === id)) {
    throw refusal(`${id} is not declared: there is nothing to ${operation}`, `start it: stack up ${id}`)
  }
  throw unknownStacklet(id, idsOf([...stacklets, ...undeclared]))
}

function mustHaveHook({ id, stacklet }: DesiredStacklet): void {
  if (hookFiles('on_install_success', Object.keys(stacklet.files)).length > 0) return
  throw refusal(`${id} has no on_install_success to run again`, `write one in ${stacklet.path}/hooks/, and commit`)
}

function refusal(message: string, hint: string): StackError {
  return new StackError('STACK_REFUSED', message, { hint, terminal: true })
}
