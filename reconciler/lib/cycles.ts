/** Every way to come back to where one started, each once, as `[a, b, a]` beginning with its smallest name. */
export function findCycles(next: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>()
  const finished = new Set<string>()
  const path: string[] = []

  function visit(name: string): void {
    if (finished.has(name)) return
    const start = path.indexOf(name)
    if (start >= 0) {
      const cycle = beginningWithSmallest(path.slice(start))
      found.set(cycle.join('\0'), [...cycle, cycle[0] ?? name])
      return
    }
    path.push(name)
    for (const neighbour of next.get(name) ?? []) visit(neighbour)
    path.pop()
    finished.add(name)
  }

  for (const name of [...next.keys()].sort()) visit(name)
  return [...found.values()]
}

function beginningWithSmallest(cycle: readonly string[]): readonly string[] {
  const smallest = cycle.indexOf([...cycle].sort()[0] ?? '')
  return [...cycle.slice(smallest), ...cycle.slice(0, smallest)]
}
