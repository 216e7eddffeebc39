import type { ObservedContainer } from '../model/actual.ts'

/** Up, in whatever health. */
export function isUp(container: ObservedContainer): boolean {
  return container.state === 'running' || container.state === 'restarting'
}

/** Not up, and not frozen either: nothing of it runs. */
export function isResting({ state }: ObservedContainer): boolean {
  return state === 'exited' || state === 'created' || state === 'dead'
}

/**
 * A one-shot that did its work: it left with 0, nothing restarts it, and it is no server (no published port, no health check).
 * Such a container is where it should be, and starting it again would run a job twice.
 */
export function isDone(container: ObservedContainer): boolean {
  if (container.state !== 'exited' || container.exitCode !== 0) return false
  const policy = container.fingerprint['HostConfig.RestartPolicy'] ?? 'no'
  const isRestarted = policy === 'always' || policy === 'unless-stopped'
  const isServer = container.health !== 'none' || container.ports.length > 0
  return !isRestarted && !isServer
}

/** Not well though up: crash-looping or failing its own health check. */
export function isUnwell(container: ObservedContainer): boolean {
  return container.state === 'restarting' || (container.state === 'running' && container.health === 'unhealthy')
}
