import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const defaultMirror = 'http://deb.debian.org/debian'
const suites = /^(?:oldstable|stable|testing|sid|unstable|bullseye|bookworm|trixie|forky)$/

interface Source {
  readonly uris: readonly string[]
  readonly suites: readonly string[]
  readonly components: readonly string[]
}

/** Where this machine gets Debian from: the first mirror in its own package sources, or Debian's default. */
export async function debianMirror(etcApt = '/etc/apt'): Promise<string> {
  const parts = await readdir(join(etcApt, 'sources.list.d')).catch(() => [])
  const files = ['sources.list', ...parts.sort().map((name) => join('sources.list.d', name))]
  for (const file of files) {
    const text = await readFile(join(etcApt, file), 'utf8').catch(() => '')
    const mirror = mirrorIn(file, text)
    if (mirror !== undefined) return mirror
  }
  return defaultMirror
}

/** The first URI of a source that carries `main` of a Debian release. Sources for security fixes have other suites. */
export function mirrorIn(file: string, text: string): string | undefined {
  const isMirror = (source: Source) =>
    source.components.includes('main') && source.suites.some((suite) => suites.test(suite))
  const uris = sourcesIn(file, text)
    .filter(isMirror)
    .flatMap((source) => source.uris)
  return uris.find((uri) => /^https?:/.test(uri))?.replace(/\/+$/, '')
}

function sourcesIn(file: string, text: string): readonly Source[] {
  if (file.endsWith('.sources')) return text.split(/\n\s*\n/).map(readStanza)
  return file.endsWith('.list') ? text.split('\n').flatMap(readLine) : []
}

/** `deb [options] URI SUITE COMPONENT…` */
function readLine(line: string): readonly Source[] {
  const match = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.+)$/.exec(line.trim())
  const [, uri, suite, components] = match ?? []
  if (uri === undefined || suite === undefined || components === undefined) return []
  return [{ uris: [uri], suites: [suite], components: words(components) }]
}

/** `Field: words`, with comments between and folded lines after. */
function readStanza(stanza: string): Source {
  const lines = stanza.split('\n').filter((line) => !line.startsWith('#'))
  const text = lines.join('\n').replaceAll(/\n[ \t]+/g, ' ')
  const field = (name: string) => words(new RegExp(`^${name}:(.*)$`, 'im').exec(text)?.[1] ?? '')
  const isOff = field('Enabled')[0] === 'no' || !field('Types').includes('deb')
  return { uris: isOff ? [] : field('URIs'), suites: field('Suites'), components: field('Components') }
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '' && !word.startsWith('#'))
}
