import { isAbsolute, relative } from 'node:path'

/** What the kernel allows, too. */
const mostHops = 40

/**
 * Where a path leads when every link on the way is followed, going by the links alone and not by a disk: a path inside the
 * root, or null when it leaves the root on the way or never ends.
 */
export function followLink(path: string, links: ReadonlyMap<string, string>, root: string, hops = 0): string | null {
  const steps = path.split('/')
  const reached: string[] = []

  for (const [index, step] of steps.entries()) {
    if (!take(step, reached)) return null
    const target = links.get(reached.join('/'))
    if (target === undefined) continue
    if (hops === mostHops) return null

    const start = isAbsolute(target) ? [relative(root, target)] : [...reached.slice(0, -1), target]
    return followLink([...start, ...steps.slice(index + 1)].join('/'), links, root, hops + 1)
  }
  return reached.join('/')
}

/** Goes one step; false where that leaves the root. */
function take(step: string, reached: string[]): boolean {
  if (step === '..') return reached.pop() !== undefined
  if (step !== '' && step !== '.') reached.push(step)
  return true
}
