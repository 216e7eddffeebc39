import type { Box } from './fake/box.ts'
import { type FakeContainer, stateOf } from './fake/container.ts'

/**
 * What is on a machine, without what differs between two ways to the same end: ids, times, and how far a job is that runs
 * by itself.
 */
export function essence(box: Box): unknown {
  const later = box.nowMs + 60_000
  return {
    containers: sortedByName(box.containers.map((one) => essenceOf(one, later))),
    networks: [...box.networks].sort(),
    images: sorted(box.images),
    data: [...box.data].sort(),
    trash: box.trash.map((path) => path.replace(/-\d{8}T.*/, '')).sort(),
    files: sorted(box.files).map(([path, text]) => (path.endsWith('.setup-done') ? [path] : [path, text])),
    ledger: sorted(box.ledger).map(([id, entry]) => [id, { ...entry, appliedAt: '' }]),
    secrets: sorted(box.secrets),
    settings: box.settings,
    programs: [...box.programs].sort(),
    served: sorted(box.served),
    tampered: [...box.tampered],
    survivors: [...box.survivors],
    memory: box.memory,
    instance: box.instance,
    outcome: box.lastRun?.outcome,
    lockedBy: box.lockedBy,
  }
}

function essenceOf({ id: _, life, ...rest }: FakeContainer, nowMs: number): { readonly name: string } {
  const container = { ...rest, id: _, life }
  const how = rest.image.startsWith('job:') ? 'a job' : stateOf(container, nowMs)
  return { ...rest, ...(typeof how === 'string' ? { how } : { how: how.state, exitCode: how.exitCode }) }
}

function sorted<Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...map].sort(([one], [other]) => (one < other ? -1 : 1))
}

function sortedByName(all: readonly { readonly name: string }[]): readonly unknown[] {
  return [...all].sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** How often each container was made, by name. */
export function timesMade(box: Box, since: number): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { what, name } of box.happened.slice(since)) {
    if (what === 'create') counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}
