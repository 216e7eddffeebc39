import type Docker from 'dockerode'
import { StackError } from '../../model/errors.ts'
import type { ImageStore, ListedImage, StoredImage } from '../../ports/image-store.ts'
import type { Login } from '../../ports/registry.ts'
import { connect, engineError, hasStatus } from './connect.ts'
import type { Endpoint } from './endpoint.ts'
import { explainFullDisk } from './explain-failure.ts'

/** A layer may be large and the way to it slow, but something must come. */
const silenceMs = 120_000
const versionLabels = ['org.opencontainers.image.version', 'org.label-schema.version']

/** The images of the engine at this endpoint. Connects at the first call. */
export function dockerImages(findEndpoint: () => Promise<Endpoint>): ImageStore {
  let opened: Promise<{ readonly client: Docker; readonly endpoint: Endpoint }> | null = null
  async function ask<Answer>(doing: string, signal: AbortSignal, work: (client: Docker) => Promise<Answer>) {
    opened ??= findEndpoint().then(async (endpoint) => ({ client: await connect(endpoint), endpoint }))
    const { client, endpoint } = await opened
    try {
      return await work(client)
    } catch (thrown) {
      signal.throwIfAborted()
      throw engineError(thrown, endpoint, doing)
    }
  }
  return {
    tag: (imageId, reference, signal) => ask(`tag ${reference}`, signal, (client) => tag(client, imageId, reference)),
    describe: (references, signal) =>
      ask('looking at images', signal, async (client) => {
        const found = await Promise.all(references.map(async (one) => [one, await describe(client, one)] as const))
        return new Map(found.filter((pair): pair is [string, StoredImage] => pair[1] !== null))
      }),
    pull: (reference, login, signal) =>
      ask(`pull of ${reference}`, signal, (client) => pull(client, reference, login, signal)),
    list: (signal) => ask('listing images', signal, (client) => list(client, signal)),
    remove: (reference, signal) =>
      ask(`removing image ${reference}`, signal, async (client) => {
        await client
          .getImage(reference)
          .remove()
          .catch((thrown) => {
            if (!hasStatus(thrown, 404) && !hasStatus(thrown, 409)) throw thrown
          })
      }),
  }
}

async function tag(client: Docker, imageId: string, reference: string): Promise<boolean> {
  try {
    if (reference.includes('@')) await client.getImage(imageId).inspect()
    else await client.getImage(imageId).tag(nameAndTag(reference))
    return true
  } catch (thrown) {
    if (hasStatus(thrown, 404)) return false
    throw thrown
  }
}

/** A colon before a slash belongs to the registry's port. */
function nameAndTag(reference: string): { repo: string; tag: string } {
  const colon = reference.lastIndexOf(':')
  if (colon <= reference.lastIndexOf('/')) return { repo: reference, tag: 'latest' }
  return { repo: reference.slice(0, colon), tag: reference.slice(colon + 1) }
}

async function describe(client: Docker, reference: string): Promise<StoredImage | null> {
  try {
    const { Id, RepoDigests, Config } = await client.getImage(reference).inspect()
    const labels = Config?.Labels ?? {}
    const version = versionLabels.map((name) => labels[name]).find((text) => text) ?? null
    return { id: Id, digests: RepoDigests ?? [], version }
  } catch (thrown) {
    if (hasStatus(thrown, 404) || hasStatus(thrown, 400)) return null
    throw thrown
  }
}

/** The engine answers at once and tells how it ends in the stream. */
async function pull(client: Docker, reference: string, login: Login | null, signal: AbortSignal): Promise<void> {
  const authconfig = login === null ? {} : { username: login.username, password: login.password.reveal() }
  const late = new AbortController()
  let timer = setTimeout(() => late.abort(), silenceMs)
  const abortSignal = AbortSignal.any([signal, late.signal])
  try {
    const stream = await client.pull(reference, { authconfig, abortSignal })
    await new Promise<void>((resolve, reject) => {
      // The stream ends well however the pull did: what went wrong is a line of it, and a lost engine says nothing.
      const ended = (error: Error | null, lines: readonly { readonly error?: string }[]): void => {
        const told = lines.find((line) => line.error !== undefined)?.error
        if (error === null && told === undefined) resolve()
        else reject(error ?? new Error(told))
      }
      client.modem.followProgress(stream, ended, () => {
        clearTimeout(timer)
        timer = setTimeout(() => late.abort(), silenceMs)
      })
    })
    if ((await describe(client, reference)) === null) throw new Error('it ended too early')
  } catch (thrown) {
    signal.throwIfAborted()
    throw pullFailed(
      reference,
      late.signal.aborted ? `nothing came for ${silenceMs / 1000} s` : wordsOf(thrown),
      thrown,
    )
  } finally {
    clearTimeout(timer)
  }
}

function wordsOf(thrown: unknown): string {
  const { json, message } = thrown as { json?: { message?: string }; message?: string }
  return json?.message ?? message ?? 'it ended too early'
}

function pullFailed(reference: string, words: string, cause: unknown): StackError {
  const known = explainFullDisk(words)
  return new StackError('STACK_ENGINE_REFUSED', `pull of ${reference}: ${known === null ? words : known.why}`, {
    hint: known?.hint ?? 'what ran before still runs; the next update tries again',
    ...(known === null ? {} : { output: [words] }),
    cause,
  })
}

async function list(client: Docker, abortSignal: AbortSignal): Promise<readonly ListedImage[]> {
  const [images, containers] = await Promise.all([
    client.listImages({ abortSignal }),
    client.listContainers({ all: true, abortSignal }),
  ])
  const used = new Set(containers.map(({ ImageID }) => ImageID))
  return images.map(({ Id, RepoTags, RepoDigests }) => ({
    id: Id,
    tags: named(RepoTags),
    digests: named(RepoDigests),
    isUsed: used.has(Id),
  }))
}

function named(references: readonly string[] | null | undefined): readonly string[] {
  return (references ?? []).filter((one) => !one.startsWith('<none>'))
}
