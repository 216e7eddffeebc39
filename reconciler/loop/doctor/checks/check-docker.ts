import { type Check, error, ok, warning } from '../../../model/check.ts'
import { sharedNetwork } from '../../../plan/shared-network.ts'
import type { SilentEngine } from '../../../ports/docker-probe.ts'
import type { PrivateEngineLook } from '../../../ports/private-engine.ts'
import type { Facts } from '../facts.ts'
import { isAtLeast } from './check-programs.ts'

const oldestEngine = '20.10'

export function checkEngine({ engine, privateEngine }: Facts): readonly Check[] {
  if (engine.kind === 'silent') return [silentEngine(engine, privateEngine)]
  const words = `Docker ${engine.version} (API ${engine.api}) at ${engine.address}`
  if (isAtLeast(engine.version, oldestEngine)) return [ok('engine', words)]
  return [warning('engine', `${words} is older than ${oldestEngine}`, 'install a newer Docker Engine')]
}

/** An engine that was named, or is there and shut to this user, is what a person meant: ours would hide that. */
function silentEngine(engine: SilentEngine, ours: PrivateEngineLook): Check {
  if (engine.why === 'EACCES') {
    return error('engine', engine.message, 'run stack as root, or join the group docker and log in again')
  }
  const isOurs = engine.address === ours.address
  if (ours.isRunning) return error('engine', engine.message, `a private engine runs: ${ours.exports}`)
  if (engine.isChosen && !isOurs) return error('engine', engine.message, engine.hint)
  if (ours.obstacle !== null) {
    return error('engine', engine.message, `${engine.hint}; no private engine can help: ${ours.obstacle}`)
  }
  const { folder, isUnpacked } = ours
  const hint = isUnpacked
    ? `stack doctor --fix starts the private engine in ${folder}`
    : 'install Docker, or stack doctor --fix brings a private engine'
  return error('engine', engine.message, hint, [{ kind: 'start-engine', folder, isUnpacked }])
}

export function checkCompose({ compose, privateEngine }: Facts): readonly Check[] {
  if (compose.kind === 'missing' && privateEngine.isUnpacked) {
    return [error('compose', compose.message, `the private engine has it: ${privateEngine.exports}`)]
  }
  if (compose.kind !== 'works') return [error('compose', compose.message, compose.hint)]
  return [ok('compose', `Compose ${compose.version} in ${compose.program}`)]
}

/** The first run makes it. Where stacklets were started already, Compose refuses to start them again without it. */
export function checkNetwork({ engine, place }: Facts): readonly Check[] {
  if (engine.kind === 'silent' || place.kind === 'none') return []
  if (engine.networks.includes(sharedNetwork)) return [ok('network', `the shared network ${sharedNetwork} is there`)]
  const hasStarted = Object.values(place.ledger).some(({ project }) => project !== null)
  if (!hasStarted) return [ok('network', `the first run makes the shared network ${sharedNetwork}`)]
  const hint = `stack doctor --fix makes it, and so does stack reconcile`
  const mend = { kind: 'create-network', network: sharedNetwork, instance: place.instance } as const
  return [error('network', `the shared network ${sharedNetwork} is gone`, hint, [mend])]
}
