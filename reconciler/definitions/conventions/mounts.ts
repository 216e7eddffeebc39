import { closest } from '../../lib/closest.ts'
import { isTable } from '../toml-source.ts'
import { type Convention, departure } from './convention.ts'

/** The host's own facilities: they are no data, and lie where they lie. */
const facilities =
  /^(?:\/var\/run\/|\/run\/|\/dev\/|\/sys(?:\/|$)|\/proc(?:\/|$)|\/lib\/modules|\/usr\/share\/|\/etc\/(?:localtime|timezone|machine-id|hosts|resolv\.conf|ssl|ca-certificates|os-release)(?:\/|$))/

/** Data lies below one folder, so that it can be found, backed up and moved as a whole. */
export const checkMounts: Convention = ({ key, table }, { stacklet, source, dataDir, filledIn }) => {
  return mountsIn(table).flatMap(({ written, index }) => {
    const path = filledIn(written)
    if (!isAbsolute(path) || facilities.test(path) || isBelow(path, dataDir)) return []
    if (stacklet.proxy && path.endsWith('/.stack/caddy')) return []
    const message = `${key} mounts ${written}, which is not below {data_dir}`
    const hint = `keep its data in {data_dir}/${stacklet.id}, and let an environment variable say where`
    const at = source.at(['services', key, 'volumes', index])
    return [departure('bind-mount', { message, hint }, at, stacklet.id)]
  })
}

/** Docker makes an empty folder of what is not there, and the container then fails in words that hide it. */
export const checkMountedFiles: Convention = ({ key, table }, { stacklet, source }) => {
  const paths = Object.keys(stacklet.files)
  if (paths.some((path) => makesFiles.test(path))) return []
  return mountsIn(table).flatMap(({ written, index }) => {
    const path = /^\.\/+([^$]*[^$./][^$/]*\.\w+)$/.exec(written)?.[1]
    if (path === undefined || paths.some((known) => known === path || known.startsWith(`${path}/`))) return []
    const message = `${key} mounts ${written}, and there is no such file`
    const meant = closest(path, paths)
    const hint = meant === null ? `write ${stacklet.path}/${path}, or correct the name` : `did you mean "./${meant}"?`
    return [departure('bind-mount', { message, hint }, source.at(['services', key, 'volumes', index]), stacklet.id)]
  })
}

/** Hooks that run before a start may write what is mounted. */
const makesFiles = /^hooks\/on_(?:configure|install|start)\.\w+$/

function mountsIn(table: Readonly<Record<string, unknown>>): readonly { written: string; index: number }[] {
  const volumes: readonly unknown[] = Array.isArray(table['volumes']) ? table['volumes'] : []
  return volumes.flatMap((volume, index) => {
    const written = sourceOf(volume)
    return written === null ? [] : [{ written, index }]
  })
}

/** What is mounted, as written; null for a named or nameless volume. */
function sourceOf(volume: unknown): string | null {
  if (isTable(volume)) return volume['type'] === 'bind' ? String(volume['source'] ?? '') : null
  if (typeof volume !== 'string') return null
  return /^((?:\$\{(?:\$\{[^}]*\}|[^}])*\}|[^:])+):/.exec(volume)?.[1] ?? null
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || path.startsWith('~')
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}
