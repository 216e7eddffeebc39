import { updatable } from '../../model/repair.ts'
import type { ContainerDrift, DriftChange } from '../drift.ts'
import { needsContainers } from '../needs.ts'
import { propose } from '../propose.ts'
import type { Situation } from '../situation.ts'
import type { Attachment, ProposedStep } from '../step.ts'
import type { Facts } from './rule.ts'

/** What was done to a container by hand and can be undone on it is undone there: it keeps its id, and whoever uses it notices nothing. */
export function planRepairs({ situations }: Facts): readonly ProposedStep[] {
  return situations
    .filter(needsContainers)
    .flatMap((situation) => [
      ...situation.drifts.flatMap((drift) => repairsOf(drift, situation)),
      ...situation.parts.map((part) => replacePart(part, situation)),
    ])
}

function repairsOf({ container, changes }: ContainerDrift, { wanted, entry }: Situation): readonly ProposedStep[] {
  if (changes.some(({ cure }) => cure === 'replace')) return []
  const of = (cure: DriftChange['cure']) => changes.filter((change) => change.cure === cure)
  const [renamed, updated, moved] = [of('rename'), of('update'), of('reconnect')]
  const to = renamed[0]?.want ?? null
  const where = { stacklet: wanted.id, container: container.name, containerId: container.id } as const
  const because = 'changed on the host'
  const applied = entry?.containers[to ?? container.name] ?? {}
  return [
    ...(to === null ? [] : [propose({ kind: 'rename', ...where, to, because }, renamed)]),
    ...(moved.length === 0
      ? []
      : [propose({ kind: 'reconnect', ...where, networks: moved.map(attachment), because }, moved)]),
    ...(updated.length === 0
      ? []
      : [propose({ kind: 'update', ...where, limits: limitsFor(updated, applied), because }, updated)]),
  ]
}

function attachment({ key, want, got }: DriftChange): Attachment {
  return { network: key.slice('Networks.'.length), endpoint: want, isAttached: got !== null }
}

/** Memory and swap are set together or not at all. */
function limitsFor(changes: readonly DriftChange[], applied: Readonly<Record<string, string>>) {
  const keys = new Set(changes.map(({ key }) => key))
  const isMemory = [...keys].some((key) => key.startsWith('HostConfig.MemorySwap') || key === 'HostConfig.Memory')
  const all = isMemory ? [...keys, 'HostConfig.Memory', 'HostConfig.MemorySwap'] : [...keys]
  const sorted = updatable.filter((key) => all.includes(key))
  return Object.fromEntries(sorted.map((key) => [key, applied[key] ?? '']))
}

function replacePart(
  { kind, name, because, changes }: Situation['parts'][number],
  { wanted }: Situation,
): ProposedStep {
  const stacklet = wanted.id
  return kind === 'network'
    ? propose({ kind: 'replace-network', stacklet, network: name, because }, changes)
    : propose({ kind: 'replace-volume', stacklet, volume: name, because }, changes)
}
