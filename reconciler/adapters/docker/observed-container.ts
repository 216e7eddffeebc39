import type { ContainerInfo, ContainerInspectInfo } from 'dockerode'
import type { ContainerHealth, ContainerState, ObservedContainer } from '../../model/actual.ts'
import { fingerprintOf, type Surroundings } from './fingerprint.ts'

/** What the engine reports of one container, in our words. */
export function observedContainer(info: ContainerInspectInfo, surroundings: Surroundings): ObservedContainer {
  const labels = info.Config.Labels ?? {}
  return {
    id: info.Id,
    name: info.Name.replace(/^\//, ''),
    image: info.Config.Image,
    imageId: info.Image,
    project: labels['com.docker.compose.project'] ?? null,
    service: labels['com.docker.compose.service'] ?? null,
    instance: labels['stack.instance'] ?? null,
    stacklet: labels['stack.stacklet'] ?? null,
    isHelper: labels['stack.helper'] === 'true',
    isOneOff: labels['com.docker.compose.oneoff'] === 'True',
    state: info.State.Status as ContainerState,
    health: healthOf(info),
    exitCode: info.State.ExitCode,
    restarts: info.RestartCount ?? 0,
    startedAtMs: Math.max(0, Date.parse(info.State.StartedAt) || 0),
    ports: publishedPorts(info),
    fingerprint: fingerprintOf(info, surroundings),
  }
}

function healthOf(info: ContainerInspectInfo): ContainerHealth {
  const status = info.State.Health?.Status
  return status === 'healthy' || status === 'unhealthy' || status === 'starting' ? status : 'none'
}

function publishedPorts(info: ContainerInspectInfo): ObservedContainer['ports'] {
  const bindings = (info.HostConfig.PortBindings ?? {}) as Record<
    string,
    { HostIp?: string; HostPort?: string }[] | null
  >
  return Object.entries(bindings).flatMap(([port, places]) =>
    (places ?? []).map((place) => ({
      address: place.HostIp || '0.0.0.0',
      port: Number(place.HostPort ?? 0),
      protocol: port.split('/')[1] ?? 'tcp',
    })),
  )
}

/** Which containers a look is about, from what the list call tells. */
export function isAskedFor(
  listed: ContainerInfo,
  question: {
    readonly instance: string | null
    readonly projects: readonly string[]
    readonly names?: readonly string[]
  },
): boolean {
  const instance = listed.Labels['stack.instance']
  if (instance !== undefined && instance === question.instance) return true
  if (question.projects.includes(listed.Labels['com.docker.compose.project'] ?? '')) return true
  return listed.Names.some((name) => question.names?.includes(name.replace(/^\//, '')) === true)
}
