/**
 * The keys in an order in which everything comes after what it waits for. Among those that are free the given order decides,
 * so equal input gives equal output. What waits for something unknown is not held up by it; what is part of a cycle comes last.
 */
export function inOrderOf<Key>(keys: readonly Key[], waitsFor: (key: Key) => readonly Key[]): readonly Key[] {
  const known = new Set(keys)
  const open = new Map(
    keys.map((key) => [key, new Set(waitsFor(key).filter((other) => known.has(other) && other !== key))]),
  )
  const ordered: Key[] = []
  while (open.size > 0) {
    const free = [...open].find(([, waits]) => waits.size === 0)?.[0]
    if (free === undefined) return [...ordered, ...open.keys()]
    ordered.push(free)
    open.delete(free)
    for (const waits of open.values()) waits.delete(free)
  }
  return ordered
}

/** Everything that can be reached from `start` by following `next`, without `start` itself unless a cycle leads back to it. */
export function reachableFrom<Key>(start: Iterable<Key>, next: (key: Key) => Iterable<Key>): ReadonlySet<Key> {
  const seen = new Set<Key>()
  const todo = [...start]
  for (let key = todo.pop(); key !== undefined; key = todo.pop()) {
    for (const other of next(key)) {
      if (seen.has(other)) continue
      seen.add(other)
      todo.push(other)
    }
  }
  return seen
}
