import type { ObservedContainer } from '../../model/actual.ts'
import { StackError } from '../../model/errors.ts'
import type { Repair } from '../../model/repair.ts'
import type { Step } from '../../plan/step.ts'
import type { Discardable } from '../../ports/container-engine.ts'
import type { StepContext } from '../run-context.ts'
import { containersNow } from './containers.ts'

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>

export async function rename({ containerId, to }: StepOf<'rename'>, { world, signal }: StepContext): Promise<void> {
  await world.engine.act({ kind: 'rename', to }, containerId, signal)
}

export async function update({ containerId, limits }: StepOf<'update'>, context: StepContext): Promise<void> {
  await context.world.engine.act({ kind: 'update', limits }, containerId, context.signal)
}

export async function restart({ containerId }: StepOf<'restart'>, { world, signal }: StepContext): Promise<void> {
  await world.engine.act('restart', containerId, signal)
}

/** New attachments come first, so that a container is never without any network. */
export async function reconnect(step: StepOf<'reconnect'>, { world, signal }: StepContext): Promise<void> {
  const missing = step.networks.filter(({ isAttached }) => !isAttached)
  const attached = step.networks.filter(({ isAttached }) => isAttached)
  const all = [...missing, ...attached].flatMap(({ network, endpoint, isAttached }): readonly Repair[] => [
    ...(isAttached ? [{ kind: 'disconnect', network } as const] : []),
    ...(endpoint === null ? [] : [{ kind: 'connect', network, endpoint } as const]),
  ])
  for (const one of all) await world.engine.act(one, step.containerId, signal)
}

export async function replaceNetwork(step: StepOf<'replace-network'>, context: StepContext): Promise<void> {
  const isOn = (one: ObservedContainer) => one.fingerprint[`Networks.${step.network}`] !== undefined
  await takeAway({ kind: 'network', name: step.network }, step, isOn, context)
}

export async function replaceVolume(step: StepOf<'replace-volume'>, context: StepContext): Promise<void> {
  const mount = `volume:${step.volume}->`
  const isOn = (one: ObservedContainer) =>
    (one.fingerprint['Mounts'] ?? '').split(' ').some((text) => text.startsWith(mount))
  await takeAway({ kind: 'volume', name: step.volume }, step, isOn, context)
}

/** Compose makes it anew, with the containers that were on it: nothing can be changed while somebody uses it. */
async function takeAway(
  what: Discardable & { readonly name: string },
  step: StepOf<'replace-network' | 'replace-volume'>,
  isOn: (container: ObservedContainer) => boolean,
  context: StepContext,
): Promise<void> {
  const { world, signal } = context
  const users = (await containersNow(step.stacklet, context)).filter(isOn)
  for (const one of users) await world.engine.act('stop', one.id, signal)
  for (const one of users) await world.engine.act('remove', one.id, signal)
  if ((await world.engine.discard(what, signal)).length > 0) return
  throw new StackError(
    'STACK_ENGINE_REFUSED',
    `${what.kind} ${what.name} is in use by a container that is not of ${step.stacklet}`,
    {
      hint: `docker ps -a --filter ${what.kind}=${what.name} shows which; take it off, and run it again`,
    },
  )
}
