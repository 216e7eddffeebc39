import { helperName } from '../../plan/hand-over.ts'
import type { Step } from '../../plan/step.ts'
import type { StepContext } from '../run-context.ts'

/** A helper waits until this run has let go of the host, and does what it could not do to itself. */
export async function handOver(
  { stacklet }: Extract<Step, { kind: 'hand-over' }>,
  { world, instance, signal, say }: StepContext,
): Promise<void> {
  const labels = { 'stack.helper': 'true', 'stack.instance': instance, 'stack.stacklet': stacklet }
  await world.own.startHelper({ name: helperName(instance), words: ['reconcile'], labels }, signal)
  say('a helper goes on from here when this run has ended')
}
