import { repositoryOf } from '../../lib/image-reference.ts'
import type { UpdateNotes } from '../../model/update-notes.ts'
import type { Registry, RegistryAnswer, Repository } from '../../ports/registry.ts'

/** What registries are asked in one check: each thing once, however many services want to know it. */
export interface Questions {
  digest(image: Repository, tag: string): Promise<RegistryAnswer<string>>
  tags(image: Repository): Promise<RegistryAnswer<readonly string[]>>
  /** Registry to when it wants to be asked again. */
  pauses(): Readonly<Record<string, number>>
}

/** A registry that asked for a pause in an earlier check is asked nothing before that is over. */
export function askRegistries(registry: Registry, notes: UpdateNotes, nowMs: number, signal: AbortSignal): Questions {
  const asked = new Map<string, Promise<unknown>>()
  const running = Object.entries(notes.pauses).filter(([, untilMs]) => untilMs > nowMs)
  const pauses = new Map(running)
  async function once<Value>(key: string, host: string, ask: () => Promise<RegistryAnswer<Value>>) {
    const untilMs = pauses.get(host)
    if (untilMs !== undefined) return { kind: 'failed', why: 'it was asked too often', retryAtMs: untilMs } as const
    const answer = (asked.get(key) as Promise<RegistryAnswer<Value>> | undefined) ?? ask()
    asked.set(key, answer)
    const known = await answer
    if (known.kind === 'failed' && known.retryAtMs !== null) pauses.set(host, known.retryAtMs)
    return known
  }
  return {
    digest: (image, tag) =>
      once(`${repositoryOf(image)}:${tag}`, image.registry, () => registry.digest(image, tag, signal)),
    tags: (image) => once(repositoryOf(image), image.registry, () => registry.tags(image, signal)),
    pauses: () => Object.fromEntries(pauses),
  }
}
