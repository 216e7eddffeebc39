import type { ObservedContainer } from '../../model/actual.ts'
import type { StackletId } from '../../model/names.ts'
import { isUp } from '../../plan/container-state.ts'
import { containersOf, isOurs } from '../../plan/ownership.ts'
import type { Step } from '../../plan/step.ts'
import type { StepContext } from '../run-context.ts'

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>

export async function removeContainer(
  step: StepOf<'remove-orphan' | 'remove-foreign'>,
  { world, signal }: StepContext,
): Promise<void> {
  await world.engine.act('remove', step.containerId, signal)
}

export async function pauseContainers(step: StepOf<'pause'>, context: StepContext): Promise<void> {
  const running = (await containersNow(step.stacklet, context)).filter((one) => one.state === 'running')
  await Promise.all(running.map((one) => context.world.engine.act('pause', one.id, context.signal)))
}

export async function unpauseContainers(step: StepOf<'unpause'>, context: StepContext): Promise<void> {
  await unpauseAll(await containersNow(step.stacklet, context), context)
}

/**
 * Stops or removes everything a stacklet runs. A paused container has to be unpaused first: the engine cannot stop it. Compose
 * does it as long as the project is the stacklet's alone; what it does not know of, or must not touch others for, goes by itself.
 */
export async function endProject(how: 'stop' | 'down', id: StackletId, context: StepContext): Promise<void> {
  const { world, actual, signal } = context
  const containers = await containersNow(id, context)
  await unpauseAll(containers, context)
  const name = actual.ledger[id]?.project?.name ?? containers.find((one) => one.project !== null)?.project ?? null
  if (name !== null && !(await isShared(name, id, context))) {
    const { directory, document } = await world.files.paths(id)
    await world.compose.end(how, { name, documentPath: document, directory }, signal)
  }
  const action = how === 'down' ? 'remove' : 'stop'
  for (const one of await containersNow(id, context)) {
    if (action === 'remove' || isUp(one)) await world.engine.act(action, one.id, signal)
  }
}

/** Whether a project has containers that are not this stacklet's: Compose would end them too. A plan need not have seen them. */
async function isShared(project: string, id: StackletId, { world, actual, signal }: StepContext): Promise<boolean> {
  const { containers } = await world.engine.look({ instance: null, projects: [project] }, signal)
  const isOwn = (one: ObservedContainer): boolean =>
    isOurs(one, actual) && (one.stacklet === null || one.stacklet === id)
  return containers.some((one) => one.project === project && !isOwn(one))
}

async function unpauseAll(containers: readonly ObservedContainer[], { world, signal }: StepContext): Promise<void> {
  const paused = containers.filter((one) => one.state === 'paused')
  await Promise.all(paused.map((one) => world.engine.act('unpause', one.id, signal)))
}

/** A stacklet's containers at this moment: earlier steps may have removed some that the plan saw. */
export async function containersNow(id: StackletId, context: StepContext): Promise<readonly ObservedContainer[]> {
  const { world, instance, actual, signal } = context
  const project = actual.ledger[id]?.project?.name
  const question = { instance, projects: project === undefined ? [] : [project] }
  const { containers } = await world.engine.look(question, signal)
  return containersOf(id, { ...actual, containers })
}
