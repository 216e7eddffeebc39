import type { RoutePart } from '../../reconciler/model/route.ts'
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

/**
 * The same where containers of these projects start before the old ones go: then a container's number tells how often that was tried,
 * and two ways to one end have other numbers. They are counted anew here, and what is a digest of them is left out.
 */
export function essenceBesides(box: Box, projects: ReadonlySet<string>): unknown {
  const { containers, served, ...rest } = essence(box) as {
    readonly containers: readonly { readonly name: string }[]
    readonly served: readonly (readonly [string, RoutePart])[]
  }
  const parts = served.map(([id, part]) => [id, { ...part, digest: '' }])
  const names = renumbered(box, projects)
  const told = JSON.stringify({ ...rest, containers, served: parts }).replaceAll(
    /[\w.-]+-\d+(?![\w-])/g,
    (name) => names.get(name) ?? name,
  )
  const counted = JSON.parse(told) as { readonly containers: readonly { readonly name: string }[] }
  return inKeyOrder({ ...counted, containers: sortedByName(counted.containers) })
}

/** Old name to new: the numbers of each service without gaps, in their order. */
function renumbered({ containers }: Box, projects: ReadonlySet<string>): ReadonlyMap<string, string> {
  const counts = new Map<string, number>()
  const own = containers.filter(({ project }) => project !== null && projects.has(project))
  const numbered = own.flatMap(({ name }) => {
    const [, stem, number] = /^(.*)-(\d+)$/.exec(name) ?? []
    return stem === undefined ? [] : [{ name, stem, number: Number(number) }]
  })
  return new Map(
    numbered
      .sort((one, other) => one.number - other.number)
      .map(({ name, stem }) => {
        const count = (counts.get(stem) ?? 0) + 1
        counts.set(stem, count)
        return [name, `${stem}-#${count}`] as const
      }),
  )
}

function inKeyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inKeyOrder)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, one]) => [key, inKeyOrder(one)]))
}

/** How often each container was made, by name; in these projects, by name without its number. */
export function timesMade(
  box: Box,
  since: number,
  projects: ReadonlySet<string> = new Set(),
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { what, name } of box.happened.slice(since)) {
    const stem = name.replace(/-[\w.]+-\d+$/, '')
    const known = projects.has(stem) ? name.replace(/-\d+$/, '') : name
    if (what === 'create') counts[known] = (counts[known] ?? 0) + 1
  }
  return counts
}
