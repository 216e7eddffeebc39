import { parse } from 'yaml'

/**
 * The files and directories that a Compose file names by a path of its own: mounts, env_files, configs, secrets, `extends` and
 * `include` files, build contexts. As written, sorted; what holds a variable is known only when it is rendered, and left out.
 */
export function referencesIn(compose: string): readonly string[] {
  const document = read(compose)
  const services = Object.values(tableIn(document['services'])).map(tableIn)
  const files = [...Object.values(tableIn(document['configs'])), ...Object.values(tableIn(document['secrets']))]
  const all = [
    ...services.flatMap(referencesOfService),
    ...files.map((one) => tableIn(one)['file']),
    ...listIn(document['include']).flatMap((one) => (typeof one === 'string' ? [one] : pathsIn(one))),
  ]
  const texts = all.filter((one): one is string => typeof one === 'string')
  return [...new Set(texts.filter(isOwnPath))].sort()
}

function referencesOfService(service: Table): readonly unknown[] {
  const build = service['build']
  const context = typeof build === 'string' ? build : tableIn(build)['context']
  return [
    context,
    tableIn(service['extends'])['file'],
    ...listIn(service['volumes']).map(mountSource),
    ...listIn(service['env_file']).map((one) => (typeof one === 'string' ? one : tableIn(one)['path'])),
  ]
}

/** `./site:/www:ro`, or a mapping. A name without a slash is a volume. */
function mountSource(volume: unknown): unknown {
  if (typeof volume === 'string') return volume.includes(':') ? volume.slice(0, volume.indexOf(':')) : undefined
  const table = tableIn(volume)
  return table['type'] === 'bind' ? table['source'] : undefined
}

function pathsIn(include: unknown): readonly unknown[] {
  const { path, env_file } = tableIn(include) as { path?: unknown; env_file?: unknown }
  return [...listIn(path), ...listIn(env_file)]
}

/** Relative to the file, and known as it stands. A bare word among mounts names a volume. */
function isOwnPath(text: string): boolean {
  const isRelative = text.startsWith('.') || text.includes('/') || text.includes('.')
  return text !== '' && isRelative && !text.startsWith('/') && !text.startsWith('~') && !/[$:]/.test(text)
}

type Table = Readonly<Record<string, unknown>>

function read(text: string): Table {
  try {
    return tableIn(parse(text, { merge: true, logLevel: 'silent' }))
  } catch {
    return {}
  }
}

function tableIn(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {}
}

function listIn(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}
