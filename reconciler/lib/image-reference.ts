/** An image reference as Docker's own tools read it, nothing left to guess. */
export interface ImageReference {
  /** `docker.io`, `ghcr.io`, `127.0.0.1:5000` */
  readonly registry: string
  /** Path in the registry: `library/postgres`. */
  readonly repository: string
  /** Null where none was written: `latest` is what then is meant, unless there is a digest. */
  readonly tag: string | null
  readonly digest: string | null
}

const hub = 'docker.io'
const longestName = 255

// The grammar of the distribution project, piece by piece.
const word = '[a-z0-9]+'
const component = `${word}(?:(?:[._]|__|-+)${word})*`
const label = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
const host = `(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`
const tag = '\\w[\\w.-]{0,127}'
const algorithm = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*'
const digest = `${algorithm}:[0-9a-fA-F]{32,}`
const whole = new RegExp(`^((?:${host}/)?${component}(?:/${component})*)(?::(${tag}))?(?:@(${digest}))?$`)
const digestLengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 }

/** Reads a reference, familiar or complete: `postgres:16`, `ghcr.io/x/y@sha256:…`. Null where Docker would refuse it. */
export function parseImageReference(text: string): ImageReference | null {
  if (/^[a-f0-9]{64}$/.test(text)) return null
  const { registry, rest } = splitRegistry(text)
  const found = whole.exec(`${registry}/${rest}`)
  if (found === null) return null
  const [, name = '', foundTag = null, foundDigest = null] = found
  if (name.length > longestName || (foundDigest !== null && !isDigest(foundDigest))) return null
  return { registry, repository: name.slice(registry.length + 1), tag: foundTag, digest: foundDigest }
}

/** The first part names a registry when it could not be the first part of a path. */
function splitRegistry(text: string): { readonly registry: string; readonly rest: string } {
  const slash = text.indexOf('/')
  const first = text.slice(0, Math.max(slash, 0))
  const isHost = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase()
  const [registry, rest] = isHost ? [first, text.slice(slash + 1)] : [hub, text]
  if (registry !== hub && registry !== `index.${hub}`) return { registry, rest }
  return { registry: hub, rest: rest.includes('/') ? rest : `library/${rest}` }
}

/** Whether a text is a digest that bytes can be checked against. */
export function isDigest(text: string): boolean {
  const [name = '', hex = ''] = text.split(':')
  return digestLengths[name] === hex.length && /^[0-9a-f]+$/.test(hex)
}

/** `docker.io/library/postgres`: the same for every way to write it. */
export function repositoryOf({ registry, repository }: Pick<ImageReference, 'registry' | 'repository'>): string {
  return `${registry}/${repository}`
}

/** As people write it: `postgres`, `grafana/grafana`, `ghcr.io/x/y`. */
export function familiarName({ registry, repository }: Pick<ImageReference, 'registry' | 'repository'>): string {
  if (registry !== hub) return `${registry}/${repository}`
  const own = /^library\/([^/]+)$/.exec(repository)?.[1]
  return own ?? repository
}

/** A reference for people: of its digest, if it has one, only the beginning. */
export function shortReference(text: string): string {
  return text.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1')
}

/** The tag that a reference means; null for one that only a digest names. */
export function tagMeant({ tag: written, digest: pinned }: ImageReference): string | null {
  return written ?? (pinned === null ? 'latest' : null)
}
