import type { DesiredDocument } from '../../reconciler/definitions/desired-document.ts'
import { parseDesired } from '../../reconciler/definitions/parse-desired.ts'
import { parseManifest } from '../../reconciler/definitions/parse-manifest.ts'
import { parseSettings } from '../../reconciler/definitions/parse-settings.ts'
import { parseUsers } from '../../reconciler/definitions/parse-users.ts'
import { type DesiredFacts, resolveDesired } from '../../reconciler/definitions/resolve-desired.ts'
import { parseStackLock } from '../../reconciler/definitions/stack-lock.ts'
import type { Desired } from '../../reconciler/model/desired.ts'
import type { Digest } from '../../reconciler/model/names.ts'
import { Secret } from '../../reconciler/model/secret.ts'

/** Texts of an instance as a person would write them; what is left out is empty. */
export interface GivenTexts {
  readonly desired?: string | null
  readonly settings?: string
  readonly users?: string
  readonly lock?: string
  /** Directory name to stacklet.toml. */
  readonly stacklets?: Readonly<Record<string, string>>
  /** Directory name to docker-compose.yml. */
  readonly compose?: Readonly<Record<string, string>>
  /** Directory name to further files and their digests. */
  readonly files?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export function manifest(text: string, directoryName = 'photos', more: { compose?: string; files?: object } = {}) {
  const files = { 'stacklet.toml': 'm1', ...more.files } as unknown as Readonly<Record<string, Digest>>
  return parseManifest({
    path: `stacklets/${directoryName}`,
    directoryName,
    manifest: text,
    compose: more.compose ?? null,
    files,
  })
}

export function document(text: string | null): DesiredDocument {
  return parseDesired(text, 'desired/desired.toml')
}

export function settings(text: string) {
  return parseSettings(text, 'stack.toml', '/home/ada')
}

export function secrets(values: Readonly<Record<string, string>>): Readonly<Record<string, Secret>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Secret(value)]))
}

export function resolve(texts: GivenTexts, facts: Partial<DesiredFacts> = {}): Desired {
  const names = Object.keys(texts.stacklets ?? {})
  const stacklets = names.map((name) => {
    const compose = texts.compose?.[name]
    const reading = manifest(texts.stacklets?.[name] ?? '', name, {
      ...(compose === undefined ? {} : { compose }),
      files: texts.files?.[name] ?? {},
    })
    return { ...reading, source: { path: `stacklets/${name}`, directoryName: name } }
  })
  return resolveDesired(
    {
      host: 'box',
      settings: settings(texts.settings ?? ''),
      users: parseUsers(texts.users ?? '', 'users.toml'),
      document: document(texts.desired ?? null),
      lock: parseStackLock(texts.lock ?? null, 'desired/stack.lock'),
      stacklets,
    },
    { revision: null, dirty: false, uncommitted: [], approvals: [], secrets: {}, address: '10.0.0.5', ...facts },
  )
}

/** The rendered environment of one stacklet, revealed. */
export function envOf(desired: Desired, id: string): Readonly<Record<string, string>> {
  const values = desired.stacklets.find((stacklet) => stacklet.id === id)?.env.values ?? []
  return Object.fromEntries(values.map(({ name, text }) => [name, text.reveal()]))
}
