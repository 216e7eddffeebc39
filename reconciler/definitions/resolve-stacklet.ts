import { digest, digestOf } from '../lib/digest.ts'
import type { DesiredStacklet, RenderedEnv } from '../model/desired.ts'
import { type Lock, pinnedReferences } from '../model/locked-image.ts'
import { type Digest, isStackletId, type StackletId } from '../model/names.ts'
import type { Problem } from '../model/problem.ts'
import type { Secret } from '../model/secret.ts'
import type { Settings } from '../model/settings.ts'
import type { Stacklet } from '../model/stacklet.ts'
import type { DesiredEntry, Mention } from './desired-document.ts'
import { frontOf } from './front.ts'
import { renderEnv } from './render-env.ts'
import { renderHealth } from './render-health.ts'
import { renderServices } from './render-services.ts'
import { masked, renderText } from './render-text.ts'
import { resolveRouting } from './resolve-routing.ts'
import { contentOf, uncommittedEdits } from './stacklet-content.ts'
import { stackletVariables, urlOf, type Variables, withVariables } from './variables.ts'

/** An entry of desired.toml together with its directory. */
export interface Declared {
  readonly entry: DesiredEntry
  readonly stacklet: Stacklet
  /** The manifest's and desired.toml's, where they were written. */
  readonly requires: readonly Mention[]
  /** What is wrong in its directory. */
  readonly errors: readonly Problem[]
}

/** What a stacklet takes from the host it runs on. */
export interface HostContext {
  readonly settings: Settings
  readonly variables: Variables
  readonly secrets: Readonly<Record<string, Secret>>
  readonly address: string
  readonly uncommitted: readonly string[]
  readonly lock: Lock
  readonly ownLock: Lock
}

/** One declared stacklet with everything rendered, and the warnings that rendering gave. */
export interface Resolved {
  readonly desired: DesiredStacklet
  readonly problems: readonly Problem[]
}

export function resolveStacklet(given: Declared, host: HostContext): Resolved {
  const declared = { ...given, stacklet: asNeeded(given.stacklet, host) }
  const { entry, stacklet } = declared
  const routing = resolveRouting(entry, stacklet, host)
  const rendered = renderAll(declared, routing.url, host)
  const [locked = {}, own = {}] = [host.lock[stacklet.id], host.ownLock[stacklet.id]]
  const desired: DesiredStacklet = {
    id: stacklet.id,
    stacklet,
    state: entry.state,
    requires: idsOf(declared.requires),
    env: rendered.env,
    url: routing.url,
    hints: rendered.hints,
    health: rendered.health,
    services: rendered.services,
    routes: routing.routes,
    snippet: routing.snippet,
    part: null,
    content: contentOf(stacklet, locked),
    declared: declaredOf(declared, host),
    inputs: { ...inputsOf(rendered.env), ...lockInputs(own) },
    locked: { ...locked, ...own },
    update: entry.update,
    driftIgnore: entry.driftIgnore,
    project: null,
    waitsFor: uncommittedEdits(stacklet, host.uncommitted),
    problems: [...declared.errors, ...routing.problems],
    rolledBack: null,
  }
  // What is wrong with a template whatever its variables are was said when the file was read.
  const warnings = rendered.problems.filter((problem) => problem.level === 'warning')
  return { desired, problems: entry.state === 'absent' ? [] : warnings }
}

/** The same values on any host, so that only an edit makes another. */
function declaredOf({ entry, stacklet, requires }: Declared, { settings, variables, lock }: HostContext): Digest {
  const anywhere = withVariables(variables, { ip: { text: '', isSecret: false, missing: null } })
  const known = stackletVariables(masked(anywhere), stacklet, urlOf(stacklet, settings, ''))
  const isDomainMode = settings.core.domain !== ''
  const { env } = renderEnv({ stacklet, overrides: entry.env, variables: known, secrets: {}, isDomainMode })
  const values = env.values.map(({ name, text }) => [`env ${name}`, text.reveal()] as const)
  const needed = idsOf(requires).join(' ')
  const routes = JSON.stringify(
    entry.routes.map(({ at: _, host, ...route }) => ({ ...route, host: host?.text ?? null })),
  )
  return digestOf({
    ...Object.fromEntries(values),
    content: contentOf(stacklet, lock[stacklet.id] ?? {}),
    requires: needed,
    routes,
  }) as Digest
}

type Rendered = Pick<DesiredStacklet, 'env' | 'health' | 'services' | 'hints' | 'problems'>

/** Without names to serve, and beside a Caddy that the host has already, a proxy's containers have nothing to do. */
function asNeeded(stacklet: Stacklet, { settings }: HostContext): Stacklet {
  const front = frontOf(settings, stacklet.id)
  return stacklet.proxy && front?.stacklet !== stacklet.id ? { ...stacklet, compose: null } : stacklet
}

function renderAll({ entry, stacklet }: Declared, url: string | null, host: HostContext): Rendered {
  const { settings, secrets } = host
  const variables = stackletVariables(host.variables, stacklet, url)
  const { env, problems } = renderEnv({
    stacklet,
    overrides: entry.env,
    variables,
    secrets,
    isDomainMode: settings.core.domain !== '',
  })
  const { health, texts } = renderHealth(stacklet, variables)
  const native = renderServices(stacklet, variables)
  const hints = stacklet.hints.map((hint) => renderText(hint, masked(variables), stacklet.id))
  const beside = [...texts, ...native.texts, ...hints]
  const missing = [...env.missing, ...beside.flatMap((text) => text.missing)]
  return {
    env: { values: env.values, missing: [...new Set(missing)].sort() },
    health,
    services: native.services,
    hints: hints.map((hint) => hint.text),
    problems: [...problems, ...beside.flatMap((text) => text.problems)],
  }
}

function idsOf(mentions: readonly Mention[]): readonly StackletId[] {
  return [...new Set(mentions.map((mention) => mention.id).filter(isStackletId))].sort()
}

/** Lines that git knows nothing of are the host's, like its values. */
function lockInputs(own: Lock[string]): Readonly<Record<string, Digest>> {
  const lines = Object.entries(pinnedReferences(own))
  return Object.fromEntries(
    lines.map(([service, pinned]) => [`image ${service}`, digest(pinned).slice(0, 16) as Digest]),
  )
}

/** What the host adds, so that a plan can name the value that moved without showing it. */
function inputsOf(env: RenderedEnv): Readonly<Record<string, Digest>> {
  const named = env.values.map(
    ({ name, text }) => [`env ${name}`, digest(text.reveal()).slice(0, 16) as Digest] as const,
  )
  return Object.fromEntries(named)
}
