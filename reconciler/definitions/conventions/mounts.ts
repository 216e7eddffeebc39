import { isTable } from '../toml-source.ts'
import { type Convention, departure } from './convention.ts'

/** The host's own facilities: they are no data, and lie where they lie. */
const facilities =
  /^(?:\/var\/run\/|\/run\/|\/dev\/|\/sys(?:\/|$)|\/proc(?:\/|$)|\/lib\/modules|\/usr\/share\/|\/etc\/(?:localtime|timezone|machine-id|hosts|resolv\.conf|ssl|ca-certificates|os-release)(?:\/|$))/

/** Data lies below one folder, so that it can be found, backed up and moved as a whole. */
export const checkMounts: Convention = ({ key, table }, { stacklet, source, dataDir, filledIn }) => {
  const volumes = Array.isArray(table['volumes']) ? table['volumes'] : []
  return volumes.flatMap((volume: unknown, index) => {
    const written = sourceOf(volume)
    if (written === null) return []
    const path = filledIn(written)
    if (!isAbsolute(path) || facilities.test(path) || isBelow(path, dataDir)) return []
    const message = `${key} mounts ${written}, which is not below {data_dir}`
    const hint = `keep its data in {data_dir}/${stacklet.id}, and let an environment variable say where`
    const at = source.at(['services', key, 'volumes', index])
    return [departure('bind-mount', { message, hint }, at, stacklet.id)]
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
