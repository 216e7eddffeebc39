import type { ObservedContainer } from '../../model/actual.ts'
import type { DesiredStacklet } from '../../model/desired.ts'
import { StackError } from '../../model/errors.ts'
import type { StackletId } from '../../model/names.ts'
import type { Front, RoutePart } from '../../model/route.ts'
import type { Step } from '../../plan/step.ts'
import type { RouteEdit } from '../change-routes.ts'
import { askProxy } from '../resolve-routes.ts'
import { renderedNow, type StepContext } from '../run-context.ts'
import { containersNow } from './containers.ts'

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>

/** How long a proxy that was just started may take to answer, and how often it is asked. */
const startMs = 15_000
const pauseMs = 250

/** What keeps a route from being served is found before anything of its stacklet is touched. */
export async function checkRoute({ stacklet }: StepOf<'check-route'>, context: StepContext): Promise<void> {
  await partNow(stacklet, context)
}

export async function route({ stacklet }: StepOf<'route'>, context: StepContext): Promise<void> {
  const part = await partNow(stacklet, context)
  await change(context, (parts) => [...parts.filter((one) => one.stacklet !== stacklet), part])
}

/** What stops keeps its names, and says that it is down; what leaves gives them up. */
export async function unroute({ stacklet, to }: StepOf<'unroute'>, context: StepContext): Promise<void> {
  const part = to === 'down' ? knownPart(stacklet, context) : null
  await change(context, (parts) => {
    const others = parts.filter((one) => one.stacklet !== stacklet)
    const down = part ?? (to === 'down' ? parts.find((one) => one.stacklet === stacklet) : undefined)
    return down === undefined ? others : [...others, { ...down, isUp: false }]
  })
}

export function restoreRoutes(_: StepOf<'restore-routes'>, context: StepContext): Promise<void> {
  return change(context, (parts) => parts)
}

function knownPart(id: StackletId, { desired }: StepContext): RoutePart | null {
  return desired.stacklets.find((one) => one.id === id)?.part ?? null
}

/** Leads what is declared to these containers of a stacklet, where it leads to others of it now. */
export async function routeTo(
  wanted: DesiredStacklet,
  containers: readonly ObservedContainer[],
  context: StepContext,
): Promise<void> {
  const { world, desired, actual, signal } = context
  const { front } = desired
  const { served } = actual
  const isServed = served?.parts.some((part) => part.stacklet === wanted.id && part.isUp) === true
  if (front === null || served === null || wanted.routes.length === 0 || !isServed) return
  const answer = await askProxy(world, wanted, { front, served, containers }, signal)
  if (answer.kind !== 'adapted') return
  await change(context, (parts) => [...parts.filter((one) => one.stacklet !== wanted.id), answer.part])
}

function change(context: StepContext, edit: RouteEdit['edit']): Promise<void> {
  return context.routing({ front: frontIn(context), signal: context.signal, edit })
}

async function partNow(id: StackletId, context: StepContext): Promise<RoutePart> {
  const { world, actual, signal } = context
  const front = frontIn(context)
  const wanted = await renderedNow(context, id)
  const served = actual.served ?? { isLive: false, parts: [], altered: [], isAltered: false }
  const deadlineMs = world.clock.nowMs() + startMs
  for (;;) {
    const containers = await containersNow(id, context)
    const answer = await askProxy(world, wanted, { front, served, containers }, signal)
    if (answer.kind === 'adapted') return answer.part
    if (answer.kind === 'refused') throw refusal(id, answer.complaints)
    if (world.clock.nowMs() >= deadlineMs) throw silent(id, answer.why, front)
    await world.clock.sleep(pauseMs, signal)
  }
}

type Complaints = Extract<Awaited<ReturnType<typeof askProxy>>, { kind: 'refused' }>['complaints']

function refusal(id: StackletId, [first]: Complaints): StackError {
  return new StackError('STACK_ROUTE_REFUSED', `${id}: ${first?.message ?? 'its routes are refused'}`, {
    hint: first?.hint ?? 'run stack validate',
    at: first?.at,
  })
}

function silent(id: StackletId, why: string, { admin }: Front): StackError {
  const where = admin === null ? 'Caddy' : `Caddy at ${admin}`
  const hint =
    admin === null
      ? 'declare the stacklet core, which runs Caddy, or set [caddy] admin in stack.toml'
      : 'start it, or correct [caddy] admin in stack.toml: where it listens for its administrator'
  const message = `the routes of ${id} cannot be proved: ${where} does not answer (${why})`
  return new StackError('STACK_PROXY_UNREACHABLE', message, { hint })
}

function frontIn({ desired }: StepContext): Front {
  if (desired.front === null) throw new Error('a step is about routes, and there is no proxy')
  return desired.front
}
