import { insidePath } from './inside-path.ts'

/** An absolute path without `.`, `..` and doubled slashes: `path` as seen from `folder`, `~` as `home`. */
export function absolutePath(folder: string, path: string, home: string): string {
  const whole = path === '~' || path.startsWith('~/') ? `${home}${path.slice(1)}` : path
  return `/${insidePath(whole.startsWith('/') ? '' : folder, whole) ?? ''}`
}

/** The path inside the folder, empty for the folder itself; null when it lies elsewhere. Both absolute. */
export function pathInside(folder: string, path: string): string | null {
  if (path === folder) return ''
  const start = folder === '/' ? '/' : `${folder}/`
  return path.startsWith(start) ? path.slice(start.length) : null
}
