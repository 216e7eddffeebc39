import type { OwnContainer } from '../../reconciler/index.ts'
import { document } from './json.ts'
import { table } from './table.ts'

/** The containers of this instance, a line each. */
export function containerLines(containers: readonly OwnContainer[]): readonly string[] {
  if (containers.length === 0) return ['No containers.']
  const head = ['STACKLET', 'SERVICE', 'NAME', 'STATE', 'HEALTH', 'PORTS', 'IMAGE']
  const rows = containers.map((one) => {
    const { service, name, state, health, image } = one.container
    return [one.stacklet, service ?? '', name, state, health, portsOf(one).join(' '), image]
  })
  return table([head, ...rows])
}

export function containersDocument(containers: readonly OwnContainer[]): string {
  const told = containers.map((one) => {
    const { service, name, id, state, health, image } = one.container
    return { stacklet: one.stacklet, service, name, id, state, health, ports: portsOf(one), image }
  })
  return document({ containers: told })
}

/** `0.0.0.0:42100/tcp`: where the host answers for it. */
function portsOf({ container }: OwnContainer): readonly string[] {
  return container.ports.map(({ address, port, protocol }) => {
    return `${address.includes(':') ? `[${address}]` : address}:${port}/${protocol}`
  })
}
