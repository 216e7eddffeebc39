import type { ObservedContainer } from '../../model/actual.ts'
import type { ComposeService } from '../../model/compose-project.ts'
import type { DesiredStacklet } from '../../model/desired.ts'
import { StackError } from '../../model/errors.ts'
import type { StackletId } from '../../model/names.ts'
import { startsFirst } from '../../plan/starts-first.ts'
import type { AppliedProject } from '../../ports/compose.ts'
import type { StepContext } from '../run-context.ts'
import { judge, type Verdict } from '../verdict.ts'
import { containersNow } from './containers.ts'
import { routeTo } from './routes.ts'

const pauseMs = 250
/** Without a health check, a container has at least survived this long before it takes over. */
const settleMs = 1_000
/** How long a visitor may take to be served to the end by a container that goes. */
const finishMs = 1_000

/**
 * Starts new containers beside the old ones where that may be, waits until they are well, and takes the old ones away. One that is not
 * well goes again, and visitors have noticed nothing. Answers the services that are new now.
 */
export async function startBeside(
  wanted: DesiredStacklet,
  project: AppliedProject,
  context: StepContext,
): Promise<readonly string[]> {
  const before = await containersNow(wanted.id, context)
  const services = startsFirst(wanted, before)
  if (services.length === 0) return []
  const old = before.filter((one) => services.some(({ name }) => name === one.service))
  const beside = Object.fromEntries(services.map(({ name, replicas }) => [name, replicas * 2]))
  const deadlineMs = wanted.health.timeoutMs
  await context.world.compose.up(project, { recreate: [], beside, deadlineMs }, context.signal)
  const verdict = await verdictOn(wanted, services, old, context)
  const fresh = await newOnes(wanted.id, services, old, context)
  const unwanted = verdict.kind === 'well' ? old : fresh
  if (verdict.kind === 'well') await takeOver(wanted, fresh, context)
  for (const { id } of unwanted) await context.world.engine.act('stop', id, context.signal)
  for (const { id } of unwanted) await context.world.engine.act('remove', id, context.signal)
  if (verdict.kind !== 'well') throw notWell(wanted, verdict)
  return services.map(({ name }) => name)
}

/** Visitors go to the new ones, and whoever is still with an old one may finish. */
async function takeOver(
  wanted: DesiredStacklet,
  fresh: readonly ObservedContainer[],
  context: StepContext,
): Promise<void> {
  await routeTo(wanted, fresh, context)
  await context.world.clock.sleep(finishMs, context.signal)
}

async function verdictOn(
  wanted: DesiredStacklet,
  services: readonly ComposeService[],
  old: readonly ObservedContainer[],
  context: StepContext,
): Promise<Verdict> {
  const { clock } = context.world
  const beganMs = clock.nowMs()
  const first = await newOnes(wanted.id, services, old, context)
  for (;;) {
    const now = await newOnes(wanted.id, services, old, context)
    const verdict = judge(services, { first, now, nowMs: clock.nowMs() })
    const passedMs = clock.nowMs() - beganMs
    const isOver = verdict.kind === 'sick' || passedMs >= wanted.health.timeoutMs
    if (isOver || (verdict.kind === 'well' && passedMs >= settleMs)) return verdict
    await clock.sleep(pauseMs, context.signal)
  }
}

async function newOnes(
  id: StackletId,
  services: readonly ComposeService[],
  old: readonly ObservedContainer[],
  context: StepContext,
): Promise<readonly ObservedContainer[]> {
  const all = await containersNow(id, context)
  const isNew = (one: ObservedContainer): boolean => !old.some((other) => other.id === one.id)
  return all.filter((one) => isNew(one) && services.some(({ name }) => name === one.service))
}

function notWell({ id, stacklet }: DesiredStacklet, { why }: Verdict): StackError {
  return new StackError(
    'STACK_UNHEALTHY',
    `the new container of ${id} is not healthy: ${why}; the old one still serves`,
    {
      hint: `mend ${stacklet.path} and commit`,
    },
  )
}
