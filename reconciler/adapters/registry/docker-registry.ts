import { isDigest } from '../../lib/image-reference.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Registry, RegistryAnswer, Repository } from '../../ports/registry.ts'
import { dockerLogin } from './docker-logins.ts'
import { nextPage } from './next-page.ts'
import { failed } from './paced-calls.ts'
import { openSession, type Session, type SessionOptions } from './registry-session.ts'

export interface DockerRegistryOptions
  extends Partial<Pick<SessionOptions, 'silenceMs' | 'patienceMs' | 'lanes' | 'budget'>> {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
}

/** Whatever an image is, its digest is that of what `docker pull` would record. */
const manifestKinds = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

/** More pages than any repository that people update from; what never ends is no list. */
const mostPages = 200

/** Registries as the distribution project specifies them, asked over HTTP. */
export function dockerRegistry({ env, clock, ...limits }: DockerRegistryOptions): Registry {
  const sessions = new Map<string, Session>()
  const usual = { silenceMs: 10_000, patienceMs: 15_000, lanes: 4, budget: 1_000 }
  const sessionWith = (registry: string): Session => {
    const findLogin: SessionOptions['findLogin'] = (signal) => dockerLogin(registry, { env }, signal)
    const session = sessions.get(registry) ?? openSession({ ...usual, ...limits, registry, findLogin, clock })
    sessions.set(registry, session)
    return session
  }
  return {
    digest: (image, tag, signal) => digestOf(sessionWith(image.registry), image, tag, signal),
    tags: (image, signal) => tagsOf(sessionWith(image.registry), image, signal),
    login: (registry, signal) => dockerLogin(registry, { env }, signal),
  }
}

async function digestOf(
  session: Session,
  { repository }: Repository,
  tag: string,
  signal: AbortSignal,
): Promise<RegistryAnswer<string>> {
  const url = new URL(`/v2/${repository}/manifests/${encodeURIComponent(tag)}`, session.address)
  const answer = await session.ask({ method: 'HEAD', url, repository, accept: manifestKinds }, signal)
  if (answer.kind === 'failed') return answer
  const digest = answer.headers.get('docker-content-digest') ?? ''
  return isDigest(digest) ? { kind: 'answered', value: digest } : failed('it answers, and not with a digest')
}

async function tagsOf(
  session: Session,
  { repository }: Repository,
  signal: AbortSignal,
): Promise<RegistryAnswer<readonly string[]>> {
  const tags: string[] = []
  let url: URL | null = new URL(`/v2/${repository}/tags/list`, session.address)
  for (let page = 0; url !== null; page += 1) {
    if (page === mostPages) return failed('its list of tags does not end')
    const answer = await session.ask({ method: 'GET', url, repository, accept: 'application/json' }, signal)
    if (answer.kind === 'failed') return answer
    const some = tagsIn(answer.body)
    if (some === null) return failed('it answers, and not with a list of tags')
    tags.push(...some)
    url = nextPage(answer.headers.get('link'), url)
  }
  return { kind: 'answered', value: tags }
}

/** A repository without tags has null for them. */
function tagsIn(body: string): readonly string[] | null {
  try {
    const { tags } = JSON.parse(body) as { tags?: unknown }
    if (tags === null) return []
    return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : null
  } catch {
    return null
  }
}
