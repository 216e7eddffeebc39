import type { Digest, StackletId } from '../model/names.ts'
import type { Problem, SourcePosition } from '../model/problem.ts'
import type { SnippetSource } from '../model/route.ts'
import type { NativeService, Stacklet, Template } from '../model/stacklet.ts'
import { checkCompose } from './check-compose.ts'
import { checkManifest } from './check-manifest.ts'
import { checkSnippet } from './check-snippet.ts'
import { readHealth } from './manifest-health.ts'
import { Manifest } from './manifest-table.ts'
import { inReadingOrder, type Reading, readToml } from './read-toml.ts'
import { readRoutes } from './route-table.ts'
import type { TomlPath } from './toml-places.ts'
import { type TomlSource, templateAt, valuePosition } from './toml-source.ts'

/** One directory under stacklets/, as texts. */
export interface ManifestText {
  /** `stacklets/photos` */
  readonly path: string
  readonly directoryName: string
  readonly manifest: string
  /** docker-compose.yml, null without one. */
  readonly compose: string | null
  /** caddy.snippet, null without one. */
  readonly snippet?: SnippetSource | null
  /** By path inside the directory. */
  readonly files: Readonly<Record<string, Digest>>
  /** What its Compose file names, by path in the root. */
  readonly references?: readonly string[]
  /** Folder of a .dockerignore to its patterns. */
  readonly ignores?: Readonly<Record<string, readonly string[]>>
  /** Paths inside the directory of links that point out of the root. */
  readonly escaping?: readonly string[]
  /** What could not be read, each with its file. */
  readonly unreadable?: readonly Problem[]
}

/** What a directory says; null where its manifest is no TOML at all. */
export interface ManifestReading {
  readonly stacklet: Stacklet | null
  readonly problems: readonly Problem[]
  /** Where each of `stacklet.requires` was written. */
  readonly requiresAt: Readonly<Record<string, SourcePosition>>
}

export function parseManifest(text: ManifestText): ManifestReading {
  // A directory whose name is no id is its own problem: nothing can declare it, so nothing else waits for it.
  const about = text.directoryName as StackletId
  const file = `${text.path}/stacklet.toml`
  const reading = readToml(Manifest, text.manifest, file, { unknownKeys: 'warning', about })
  const unread = [...(text.unreadable ?? []), ...(text.escaping ?? []).map((link) => explainEscape(text, link, about))]
  const isUnreadable =
    reading.problems.some((problem) => problem.code === 'syntax') ||
    unread.some((problem) => problem.at?.file === file || problem.at?.file === text.path)
  const stacklet = stackletFrom(reading, text, about)
  const problems = [
    ...reading.problems,
    ...checkManifest(reading, stacklet, text.directoryName, about),
    ...checkCompose(text, about),
    ...checkSnippet(text.snippet ?? null, about),
    ...unread,
  ]
  const requiresAt = reading.value.requires.map((id, index) => [id, valuePosition(reading.source, ['requires', index])])
  return {
    stacklet: isUnreadable ? null : stacklet,
    problems: inReadingOrder(problems),
    requiresAt: Object.fromEntries(requiresAt),
  }
}

/** What stands for a directory whose manifest cannot be read, so that what runs of it keeps running. */
export function bareStacklet(id: StackletId, path: string): Stacklet {
  const text = { path, directoryName: id, manifest: '', compose: null, files: {} }
  const reading = readToml(Manifest, '', `${path}/stacklet.toml`, { unknownKeys: 'warning', about: id })
  return stackletFrom(reading, text, id)
}

function stackletFrom({ value, source }: Reading<Manifest>, text: ManifestText, id: StackletId): Stacklet {
  const templates = (path: TomlPath, keys: readonly PropertyKey[]) =>
    keys.map((key) => templateAt(source, [...path, key]))
  const names = Object.keys(value.env.defaults)
  const defaults = templates(['env', 'defaults'], names)
  return {
    id,
    name: value.name || id,
    description: value.description,
    version: value.version,
    category: value.category,
    path: text.path,
    port: value.port ?? null,
    ports: value.ports,
    alwaysOn: value.always_on,
    kind: value.type,
    requires: value.requires,
    build: value.build,
    loginField: value.login_field ?? null,
    upstream: value.upstream ?? null,
    env: {
      generate: [...new Set(value.env.generate)],
      defaults: Object.fromEntries(names.map((name, index) => [name, defaults[index] as Template])),
    },
    hints: templates(['hints'], [...value.hints.keys()]),
    health: value.health === undefined ? null : readHealth(value.health, source),
    services: Object.entries(value.services).map(([name, service]) => readService(name, service, source)),
    updateOrder: value.update_order,
    routes: readRoutes(value.route, source, ['route']),
    proxy: value.proxy,
    snippet: text.snippet ?? null,
    compose: text.compose,
    files: text.files,
    references: text.references ?? [],
    ignores: text.ignores ?? {},
  }
}

function readService(id: string, service: Manifest['services'][string], source: TomlSource): NativeService {
  const template = (key: 'check_url' | 'start' | 'stop') =>
    service[key] ? templateAt(source, ['services', id, key]) : null
  return {
    id,
    name: service.name ?? id,
    description: service.description,
    checkUrl: template('check_url'),
    start: template('start'),
    stop: template('stop'),
  }
}

function explainEscape({ path }: ManifestText, link: string, about: StackletId): Problem {
  const file = `${path}/${link}`
  return {
    level: 'error',
    code: 'outside-root',
    message: `${file} points to something outside of the repository`,
    hint: 'copy what it points to into the stacklet, or take the link out',
    at: { file, line: 0, column: 0 },
    about,
  }
}
