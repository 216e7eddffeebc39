import type { ObservedContainer } from '../model/actual.ts'
import type { ComposeService } from '../model/compose-project.ts'
import type { DesiredStacklet } from '../model/desired.ts'

/**
 * Services of which a new container may run beside the old one for a moment: nothing that only one can have, no port of the host, no
 * name, no data that both would write.
 */
export function startsFirst(
  { stacklet, project, rolledBack }: DesiredStacklet,
  containers: readonly ObservedContainer[],
): readonly ComposeService[] {
  if (stacklet.updateOrder !== 'start-first' || rolledBack !== null) return []
  return (project?.services ?? []).filter((service) => {
    const own = containers.filter((one) => one.service === service.name)
    return isNameless(service) && own.length > 0 && own.every(isAloneWithItsData)
  })
}

function isNameless({ containerName, ports }: ComposeService): boolean {
  return containerName === null && ports.length === 0
}

function isAloneWithItsData({ state, fingerprint }: ObservedContainer): boolean {
  const mounts = (fingerprint['Mounts'] ?? '').split(' ').filter((mount) => mount !== '')
  return state === 'running' && mounts.every((mount) => mount.endsWith(':ro') || mount.startsWith('tmpfs'))
}
