import type { Actual } from '../model/actual.ts'
import type { PublishedPort } from '../model/compose-project.ts'
import type { DesiredStacklet } from '../model/desired.ts'
import type { PortHolder } from '../model/port-holder.ts'
import type { Note } from './step.ts'

/**
 * A port that a stacklet publishes and somebody else has: found before anything is stopped for it. What belongs to another stacklet
 * of this instance is told by others, who know whether it is about to be given up.
 */
export function takenPort({ id, state, project, stacklet }: DesiredStacklet, actual: Actual): Note | null {
  if (state !== 'running' && state !== 'paused') return null
  const ports = (project?.services ?? []).flatMap((service) => service.ports)
  for (const port of ports) {
    const holder = strangerOn(port, project, actual)
    if (holder === null) continue
    const message = `${wordsFor(port)}, which ${id} publishes, is taken by ${ownerOf(holder)}`
    const hint = `end that, or publish another port in ${stacklet.path}/docker-compose.yml`
    return { kind: 'conflict', stacklet: id, message, hint, digest: null }
  }
  return null
}

function strangerOn(port: PublishedPort, project: DesiredStacklet['project'], actual: Actual): PortHolder | null {
  const holders = actual.portHolders.filter((one) => areOne(one, port))
  if (holders.some(({ container }) => container !== null && isOfUs(container, actual))) return null
  return holders.find((holder) => !isInTheWayByName(holder, project, actual)) ?? null
}

function isOfUs({ name, instance }: NonNullable<PortHolder['container']>, { instance: own, ledger }: Actual): boolean {
  if (instance !== null) return instance === own
  return Object.values(ledger).some((entry) => entry.containers[name] !== undefined)
}

/** A stranger under one of our names goes, with consent, and its port with it. */
function isInTheWayByName(
  { container }: PortHolder,
  project: DesiredStacklet['project'],
  { containers }: Actual,
): boolean {
  const found = containers.find(({ name }) => name === container?.name)
  if (found === undefined || found.instance !== null) return false
  const isNamed = project?.services.some(({ containerName }) => containerName === found.name) === true
  return isNamed || found.project === project?.name
}

function areOne(one: PortHolder, other: PublishedPort): boolean {
  if (one.port !== other.port || one.protocol !== other.protocol) return false
  return one.address === other.address || [one, other].some(({ address }) => everywhere.includes(address))
}

const everywhere: readonly string[] = ['0.0.0.0', '::', '[::]', '']

function wordsFor({ port, protocol }: PublishedPort): string {
  return protocol === 'tcp' ? `port ${port}` : `port ${port}/${protocol}`
}

function ownerOf({ container, process }: PortHolder): string {
  if (container === null) return process === null ? 'another program' : `${process.program} (pid ${process.pid})`
  const { name, project, instance } = container
  if (instance !== null) return `the container ${name}, of the stack instance ${instance}`
  return project === null ? `the container ${name}` : `the container ${name}, of the project ${project}`
}
