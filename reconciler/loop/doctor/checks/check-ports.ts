import { type Check, error, ok } from '../../../model/check.ts'
import type { PublishedPort } from '../../../model/compose-project.ts'
import type { DesiredStacklet } from '../../../model/desired.ts'
import type { RunningContainer } from '../../../ports/docker-probe.ts'
import type { Facts, InstanceFacts } from '../facts.ts'

interface Wanted extends PublishedPort {
  readonly id: string
}

/** The ports that declared stacklets publish are free, or theirs already. */
export function checkPorts({ engine, listeners }: Facts, instance: InstanceFacts): readonly Check[] {
  const wanted = (instance.desired?.stacklets ?? []).flatMap(portsOf)
  const running = engine.kind === 'answers' ? engine.running : null
  const taken = wanted.flatMap((port) => {
    const holder = running?.find(({ ports }) => ports.some((one) => areOne(one, port)))
    if (holder !== undefined) return isTheirs(holder, port.id, instance) ? [] : [takenBy(port, wordsFor(holder))]
    const listener = listeners.find((one) => areOne(one, port))
    // Without the engine nobody knows whose container it is that Docker's proxy serves.
    if (listener === undefined || (running === null && isDockers(listener.process?.program ?? null))) return []
    const { process } = listener
    return [takenBy(port, process === null ? 'another process' : `${process.program} (pid ${process.pid})`)]
  })
  if (taken.length > 0) return taken
  if (wanted.length === 0) return []
  return [ok('ports', `${wanted.map(({ port }) => port).join(', ')}: free, or served by the stacklet that declares it`)]
}

function portsOf({ id, state, project }: DesiredStacklet): readonly Wanted[] {
  if (state !== 'running' && state !== 'paused') return []
  return (project?.services ?? []).flatMap(({ ports }) => ports.map((port) => ({ ...port, id })))
}

function isTheirs(holder: RunningContainer, id: string, { instance, ledger }: InstanceFacts): boolean {
  if (holder.instance !== null) return holder.instance === instance && holder.stacklet === id
  return ledger[id]?.containers[holder.name] !== undefined
}

function isDockers(program: string | null): boolean {
  return program === null || program === 'docker-proxy' || program === 'dockerd'
}

function takenBy({ id, port, protocol }: Wanted, who: string): Check {
  const name = protocol === 'tcp' ? `port ${port}` : `port ${port}/${protocol}`
  const hint = `end that, or give ${id} another port in stacklets/${id}/`
  return error('ports', `${name} of ${id} is taken by ${who}`, hint)
}

function wordsFor({ name, project, stacklet, instance }: RunningContainer): string {
  if (stacklet !== null && instance !== null) return `the container ${name}, of the stacklet ${stacklet}`
  return project === null ? `the container ${name}` : `the container ${name}, of the project ${project}`
}

type Place = { readonly address: string; readonly port: number; readonly protocol: string }

/** An address of everywhere includes every other one. */
function areOne(one: Place, other: Place): boolean {
  if (one.port !== other.port || one.protocol !== other.protocol) return false
  return one.address === other.address || [one, other].some(({ address }) => everywhere.includes(address))
}

const everywhere: readonly string[] = ['0.0.0.0', '::', '[::]', '']
