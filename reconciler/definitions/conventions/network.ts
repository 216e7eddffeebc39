import { isTable } from '../toml-source.ts'
import { textsIn } from './compose-source.ts'
import { type Convention, departure } from './convention.ts'

const shared = 'stack'

/** Stacklets find one another on the network that `stack` makes for all of them. */
export const checkNetwork: Convention = ({ key, table }, { stacklet, source }) => {
  if (table['network_mode'] !== undefined) return []
  const networks = isTable(source.top['networks']) ? source.top['networks'] : {}
  const joined = textsIn(table['networks'])
  if (joined.some((name) => isShared(name, networks[name]))) return []
  const message = `${key} does not join the network that stacklets share`
  const hint = 'write networks: [stack] in the service, and networks: { stack: { external: true } } at the top'
  const at = source.at(['services', key, 'networks'])
  return [departure('shared-network', { message, hint }, at, stacklet.id)]
}

function isShared(name: string, declared: unknown): boolean {
  if (!isTable(declared) || declared['external'] === undefined || declared['external'] === false) return false
  return (declared['name'] ?? name) === shared
}
