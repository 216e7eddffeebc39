import { StackError } from '../../model/errors.ts'
import type { Step } from '../../plan/step.ts'
import type { StepContext } from '../run-context.ts'

/** The engine knows a container's networks by name: it leaves the one before it comes onto its twin. */
export async function mergeNetworks(
  { network, keep, remove, moves }: Extract<Step, { kind: 'merge-networks' }>,
  { world, signal }: StepContext,
): Promise<void> {
  for (const { containerId, from, endpoint } of moves) {
    await world.engine.act({ kind: 'disconnect', network: from }, containerId, signal)
    await world.engine.act({ kind: 'connect', network: keep, endpoint }, containerId, signal)
  }
  for (const name of remove) {
    if ((await world.engine.discard({ kind: 'network', name }, signal)).length === 0) throw inUse(network, name)
  }
}

function inUse(network: string, id: string): StackError {
  const shortId = id.slice(0, 12)
  return new StackError('STACK_ENGINE_REFUSED', `network ${shortId}, one of several called ${network}, is in use`, {
    hint: `docker ps -a --filter network=${shortId} shows by whom; run it again`,
  })
}
