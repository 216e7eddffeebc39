/**
 * The path that `relative` means when it is said in the folder `base`, both with `/` and inside one root: `stacklets/a` and `../b/x`
 * make `stacklets/b/x`. Null when it leaves the root.
 */
export function insidePath(base: string, relative: string): string | null {
  const reached: string[] = base.split('/').filter((step) => step !== '' && step !== '.')
  for (const step of relative.split('/')) {
    if (step === '..' && reached.pop() === undefined) return null
    if (step !== '' && step !== '.' && step !== '..') reached.push(step)
  }
  return reached.join('/')
}

/** How `path` is said in the folder `base`, both inside one root: the reverse of `insidePath`. */
export function relativePath(base: string, path: string): string {
  const from = base.split('/').filter((step) => step !== '')
  const to = path.split('/').filter((step) => step !== '')
  const shared = from.findIndex((step, index) => step !== to[index])
  const common = shared === -1 ? from.length : shared
  return [...from.slice(common).map(() => '..'), ...to.slice(common)].join('/')
}

/** Whether a path is that place, or lies in it. The empty place is the root: everything lies in it. */
export function isWithin(path: string, place: string): boolean {
  return place === '' || path === place || path.startsWith(`${place}/`)
}
