/** What this program puts into every environment: new containers have it, and those that run do not. */
const added: readonly string[] = ['PORT_BIND_IP', 'WATCHTOWER_ENABLE']

/** Where two documents of `compose config` say different things, as dotted paths: `services.web.image`. */
export function documentDifferences(original: unknown, copy: unknown): readonly string[] {
  return differing('', original, copy)
}

function differing(path: string, one: unknown, other: unknown): readonly string[] {
  if (Array.isArray(one) && Array.isArray(other)) return areSameLists(one, other) ? [] : [path]
  if (!isTable(one) && !isTable(other)) return (one ?? null) === (other ?? null) ? [] : [path]
  const [left, right] = [isTable(one) ? one : {}, isTable(other) ? other : {}]
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort()
  const open = keys.filter((key) => !isOurs(path, key, left))
  return open.flatMap((key) => differing(path === '' ? key : `${path}.${key}`, left[key], right[key]))
}

function areSameLists(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => differing('', item, other[index]).length === 0)
}

function isOurs(path: string, key: string, original: Readonly<Record<string, unknown>>): boolean {
  if (path.endsWith('.labels') && key.startsWith('stack.')) return true
  return path.endsWith('.environment') && added.includes(key) && original[key] === undefined
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
