import { type Check, listed, ok, warning } from '../../../model/check.ts'
import type { Facts, InstanceFacts } from '../facts.ts'

/** Containers of this instance that no declaration and no ledger knows: no run will ever end them. */
export function checkContainers({ engine }: Facts, place: InstanceFacts): readonly Check[] {
  if (engine.kind === 'silent' || place.instance === null || place.desired === null) return []
  const known = new Set<string>([...place.desired.stacklets.map(({ id }) => id), ...Object.keys(place.ledger)])
  const lost = engine.running.filter(
    (one) => one.instance === place.instance && !one.isHelper && !known.has(one.stacklet ?? ''),
  )
  if (lost.length === 0) return [ok('containers', 'every container of this instance is of a stacklet it knows')]
  const names = lost.map(({ name }) => name)
  const message = `${listed(names)} ${names.length === 1 ? 'runs' : 'run'} for this instance, and nothing declares that`
  return [warning('containers', message, `declare it again, or end it: docker rm --force ${names.join(' ')}`)]
}
