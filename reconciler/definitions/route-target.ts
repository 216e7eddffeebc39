import type { ComposeService } from '../model/compose-project.ts'
import type { DesiredStacklet } from '../model/desired.ts'
import type { Front, Route } from '../model/route.ts'
import { suggest } from './explain.ts'

/** Where the proxy finds what a route leads to: one address for each container. */
export type RouteTarget =
  | { readonly kind: 'found'; readonly dials: readonly string[] }
  | { readonly kind: 'fault'; readonly message: string; readonly hint: string }

type Owner = Pick<DesiredStacklet, 'id' | 'project' | 'stacklet'>

/** Service to the names of its containers that are up, sorted: with `start-first` they come and go. */
export type Running = Readonly<Record<string, readonly string[]>>

export function targetOf(route: Route, owner: Owner, front: Front, running: Running = {}): RouteTarget {
  const services = owner.project?.services ?? []
  if (services.length === 0 && route.service === null) return onHost(route, owner, front)
  const service = serviceFor(route, services, owner)
  if (!('replicas' in service)) return service
  return front.admin === null ? inContainer(route, service, owner, running) : published(route, service, owner)
}

/** Without containers, it is a program of the host. */
function onHost({ port }: Route, { id, stacklet }: Owner, { admin }: Front): RouteTarget {
  const found = port ?? stacklet.port
  if (found === null) return fault(`a route of ${id} has no port`, 'add port = … to it, or to the top of stacklet.toml')
  return { kind: 'found', dials: [`${admin === null ? 'host.docker.internal' : '127.0.0.1'}:${found}`] }
}

function serviceFor(
  { service, host }: Route,
  services: readonly ComposeService[],
  { id, stacklet }: Owner,
): ComposeService | RouteTarget {
  if (service !== null) {
    const named = services.find((one) => one.name === service || one.containerName === service)
    if (named !== undefined) return named
    const known = services.map(({ name }) => name)
    const hint = suggest(service, known, `services there are: ${known.join(', ')}`)
    return fault(`the route ${host} of ${id} leads to the service ${service}, which there is none of`, hint)
  }
  const main = services.find(({ ports }) => ports.some(({ port }) => port === stacklet.port))
  const only = services.length === 1 ? services[0] : undefined
  return (
    main ??
    only ??
    fault(`the route ${host} of ${id} does not say to which service it leads`, 'add service = "…" to it')
  )
}

/** By the name of the container: that of a service may be another stacklet's as well on the shared network. */
function inContainer(
  { port, host }: Route,
  service: ComposeService,
  { id, project, stacklet }: Owner,
  running: Running,
): RouteTarget {
  const main = service.ports.find((one) => one.port === stacklet.port) ?? service.ports[0]
  const found = port ?? main?.target
  if (found === undefined) {
    return fault(
      `the route ${host} of ${id} has no port`,
      `add port = …: where ${service.name} listens in its container`,
    )
  }
  if (service.containerName !== null) return { kind: 'found', dials: [`${service.containerName}:${found}`] }
  const there = running[service.name] ?? []
  if (stacklet.updateOrder === 'start-first' && there.length > 0)
    return { kind: 'found', dials: there.map((name) => `${name}:${found}`) }
  const names = Array.from({ length: service.replicas }, (_, index) => `${project?.name}-${service.name}-${index + 1}`)
  return { kind: 'found', dials: names.map((name) => `${name}:${found}`) }
}

/** A Caddy of the host reaches what is published alone. */
function published({ port, host }: Route, service: ComposeService, { id, stacklet }: Owner): RouteTarget {
  const all = service.ports.filter(({ protocol }) => protocol === 'tcp')
  const wanted = port === null ? all.find((one) => one.port === stacklet.port) : all.find((one) => one.target === port)
  const found = wanted ?? (port === null ? all[0] : undefined)
  if (found !== undefined) return { kind: 'found', dials: [`127.0.0.1:${found.port}`] }
  const hint = `publish it under ports: of ${service.name}, as "\${PORT_BIND_IP}:…:${port ?? '…'}"`
  return fault(`the route ${host} of ${id} leads to a port that is not published`, hint)
}

function fault(message: string, hint: string): RouteTarget {
  return { kind: 'fault', message, hint }
}
