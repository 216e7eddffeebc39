import type { ObservedContainer } from '../model/actual.ts'
import { StackError } from '../model/errors.ts'
import type { World } from '../ports/world.ts'
import { loadDesired } from './load-desired.ts'
import { containersOfStacklet } from './own-containers.ts'

export interface ExecInStacklet {
  readonly id: string
  /** A service or container of it, or the end of such a name behind `stack-<id>-`; null: the one that matters most. */
  readonly service: string | null
  readonly argv: readonly string[]
  /** For `~` in paths. */
  readonly home: string
}

/** Runs a program in a container of a stacklet, on our terminal, and answers its exit code. */
export async function execInStacklet(world: World, request: ExecInStacklet, signal: AbortSignal): Promise<number> {
  const containers = await containersOfStacklet(world, request.id, request.home, signal)
  if (containers.length === 0) throw notUp(request.id, `${request.id} has no containers`)
  const chosen = await choose(world, containers, request, signal)
  if (chosen.state !== 'running') throw notUp(request.id, `${chosen.name} is ${chosen.state}`)
  return world.console.exec({ containerId: chosen.id, argv: request.argv }, signal)
}

async function choose(
  world: World,
  containers: readonly ObservedContainer[],
  request: ExecInStacklet,
  signal: AbortSignal,
): Promise<ObservedContainer> {
  const { id, service } = request
  const found = service === null ? await mainOf(world, containers, request, signal) : named(containers, id, service)
  if (found !== undefined) return found
  const names = [...new Set(containers.map((one) => one.service ?? one.name))].join(', ')
  const message = service === null ? `${id} has several services` : `${id} has no service ${service}`
  throw new StackError('STACK_USAGE', message, { hint: `name one of ${names}: stack exec ${id} SERVICE -- CMD…` })
}

function named(containers: readonly ObservedContainer[], id: string, word: string): ObservedContainer | undefined {
  const words = [word, `stack-${id}-${word}`, `${id}-${word}`]
  const found = containers.filter((one) => words.includes(one.service ?? '') || words.includes(one.name))
  return found.find((one) => one.state === 'running') ?? found[0]
}

/** The one that publishes the stacklet's port, or is called like it, or is alone. */
async function mainOf(
  world: World,
  containers: readonly ObservedContainer[],
  { id, home }: ExecInStacklet,
  signal: AbortSignal,
): Promise<ObservedContainer | undefined> {
  if (new Set(containers.map((one) => one.service)).size === 1)
    return named(containers, id, containers[0]?.service ?? '')
  const { everyStacklet } = await loadDesired(world, 'work-tree', home, signal)
  const port = everyStacklet().find((one) => one.id === id)?.stacklet.port ?? null
  const publishing = containers.find((one) => one.ports.some((published) => published.port === port))
  return publishing ?? containers.find((one) => [`stack-${id}`, id].includes(one.service ?? ''))
}

function notUp(id: string, message: string): StackError {
  return new StackError('STACK_UNHEALTHY', message, { hint: `stack status ${id} tells more; stack up ${id} starts it` })
}
