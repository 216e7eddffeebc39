import type { Desired } from '../model/desired.ts'
import type { Lock } from '../model/locked-image.ts'
import { type Digest, isStackletId, type Revision, type StackletId } from '../model/names.ts'
import type { Problem } from '../model/problem.ts'
import type { Secret } from '../model/secret.ts'
import type { Settings, User } from '../model/settings.ts'
import type { Stacklet } from '../model/stacklet.ts'
import { checkEntries } from './check-entries.ts'
import { checkRequires, type Dependent } from './check-requires.ts'
import type { DesiredDocument, DesiredEntry, Mention } from './desired-document.ts'
import { frontOf } from './front.ts'
import { bareStacklet, type ManifestReading } from './parse-manifest.ts'
import { inReadingOrder } from './read-toml.ts'
import { type Declared, type HostContext, type Resolved, resolveStacklet } from './resolve-stacklet.ts'
import { hostVariables } from './variables.ts'

/** Everything that was read, each with its own complaints. */
export interface DesiredParts {
  readonly host: string
  readonly settings: {
    readonly settings: Settings
    readonly problems: readonly Problem[]
    /** What `[caddy] acme_ca_root` names, as PEM. */
    readonly acmeRoot?: string | null
  }
  readonly users: { readonly users: readonly User[]; readonly problems: readonly Problem[] }
  readonly document: DesiredDocument
  readonly lock: { readonly lock: Lock; readonly problems: readonly Problem[] }
  readonly stacklets: readonly DiscoveredStacklet[]
}

/** A directory under stacklets/: where it is, and what it says. */
type DiscoveredStacklet = ManifestReading & {
  readonly source: { readonly path: string; readonly directoryName: string }
}

export interface DesiredFacts {
  readonly revision: Revision | null
  readonly dirty: boolean
  /** Paths that differ from the commit. */
  readonly uncommitted: readonly string[]
  readonly approvals: readonly Digest[]
  readonly secrets: Readonly<Record<string, Secret>>
  readonly address: string
  /** What this host locked by itself. */
  readonly ownLock?: Lock
  readonly stateDir?: string
  readonly owner?: string
  readonly listenSysctl?: string
}

/** What must be true of this host, complete but for what Compose makes of it: every `project` is null. */
export function resolveDesired(parts: DesiredParts, facts: DesiredFacts): Desired {
  const { document } = parts
  const host = hostContext(parts, facts)
  const byDirectory = new Map(parts.stacklets.map((one) => [one.source.directoryName, one]))
  const declared = document.entries.flatMap((entry) => declare(entry, byDirectory.get(entry.id)))
  const resolved = declared.map((one) => resolveStacklet(one, host))
  const warnings = resolved.flatMap((one) => one.problems)
  return {
    host: parts.host,
    revision: facts.revision,
    dirty: facts.dirty,
    pace: document.pace,
    settings: parts.settings.settings,
    front: frontOf(parts.settings.settings, proxyAmong(resolved), parts.settings.acmeRoot),
    users: parts.users.users,
    stacklets: resolved.map((one) => one.desired).sort(byId),
    gone: goneOf(parts),
    undeclared: undeclaredOf(parts, declared),
    problems: inReadingOrder([...complaints(parts, declared), ...warnings]),
    isEmpty: document.isEmpty,
    approvals: facts.approvals,
  }
}

/** The stacklet that runs the proxy; the first by name where several say they do. */
function proxyAmong(resolved: readonly Resolved[]): StackletId | null {
  const proxies = resolved.filter(({ desired }) => desired.stacklet.proxy && desired.state !== 'absent')
  return proxies.map(({ desired }) => desired.id).sort()[0] ?? null
}

/** Declared absent without a directory: nothing is said of it but that it must not be there. */
function goneOf({ document, stacklets }: DesiredParts): readonly StackletId[] {
  const isThere = (id: string): boolean => stacklets.some((one) => one.source.directoryName === id)
  const gone = document.entries.filter((entry) => entry.state === 'absent' && !isThere(entry.id))
  return gone.map((entry) => entry.id).filter(isStackletId)
}

function hostContext(parts: DesiredParts, facts: DesiredFacts): HostContext {
  const { secrets, address, uncommitted, ownLock = {}, stateDir = '', owner = '', listenSysctl = '' } = facts
  const { settings } = parts.settings
  const { users } = parts.users
  const stacklets = parts.stacklets.flatMap(({ stacklet }) => stacklet ?? [])
  return {
    settings,
    variables: hostVariables({ settings, users, stacklets, secrets, address, stateDir, owner, listenSysctl }),
    secrets,
    address,
    uncommitted,
    lock: parts.lock.lock,
    ownLock,
  }
}

/** The entry's directory, if there is one; a manifest that cannot be read leaves a stacklet that stalls, not none. */
function declare(entry: DesiredEntry, discovered: DiscoveredStacklet | undefined): readonly Declared[] {
  if (discovered === undefined || !isStackletId(entry.id)) return []
  const stacklet = discovered.stacklet ?? bareStacklet(entry.id, discovered.source.path)
  const inManifest = stacklet.requires.map((id): Mention => ({ id, at: discovered.requiresAt[id] ?? entry.at }))
  const added = entry.requires.filter(({ id }) => !inManifest.some((mention) => mention.id === id))
  const errors = discovered.problems.filter((problem) => problem.level === 'error')
  return [{ entry, stacklet, requires: [...inManifest, ...added], errors }]
}

function undeclaredOf(parts: DesiredParts, declared: readonly Declared[]): readonly Stacklet[] {
  const listed = new Set<string>(declared.map((one) => one.stacklet.id))
  const readable = parts.stacklets.flatMap(({ stacklet }) => stacklet ?? [])
  return readable.filter((stacklet) => !listed.has(stacklet.id)).sort(byId)
}

function complaints(
  { settings, users, document, lock, stacklets }: DesiredParts,
  declared: readonly Declared[],
): Problem[] {
  const names = stacklets.map((one) => one.source.directoryName)
  return [
    ...settings.problems,
    ...users.problems,
    ...document.problems,
    ...lock.problems,
    ...stacklets.flatMap((discovered) => discovered.problems),
    ...checkEntries(document.entries, names),
    ...checkRequires(dependents(document.entries, declared), names, document.file),
  ]
}

function dependents(entries: readonly DesiredEntry[], declared: readonly Declared[]): readonly Dependent[] {
  const found = new Map(declared.map((one) => [one.entry, one]))
  return entries.map((entry) => ({ ...entry, ...found.get(entry) }))
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1
}
