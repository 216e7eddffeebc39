import type { DesiredDocument } from '../definitions/desired-document.ts'
import { knownManifest } from '../definitions/known-manifests.ts'
import { parseDesired } from '../definitions/parse-desired.ts'
import type { ManifestReading } from '../definitions/parse-manifest.ts'
import { parseSettings } from '../definitions/parse-settings.ts'
import { parseUsers } from '../definitions/parse-users.ts'
import { readApprovals } from '../definitions/read-approvals.ts'
import { resolveDesired } from '../definitions/resolve-desired.ts'
import { lockFile, parseStackLock } from '../definitions/stack-lock.ts'
import { updateRules } from '../definitions/update-rules.ts'
import { withLocalSettings } from '../definitions/with-local-settings.ts'
import type { Desired, DesiredStacklet } from '../model/desired.ts'
import { InvalidInstance } from '../model/errors.ts'
import type { Lock } from '../model/locked-image.ts'
import type { Revision } from '../model/names.ts'
import type { Problem } from '../model/problem.ts'
import type { Secret } from '../model/secret.ts'
import type { HostFacts } from '../ports/host.ts'
import type { SourceTree } from '../ports/instance-source.ts'
import type { SettingTables } from '../ports/local-settings.ts'
import type { World } from '../ports/world.ts'
import { readAcmeRoot } from './read-acme-root.ts'
import { readText } from './read-text.ts'
import { placesBeside, type StackletSource, stackletSources } from './stacklet-sources.ts'

/** Where desired text is read: the work tree (what a person is writing), or a commit (what a run does). */
export type DesiredFrom = 'work-tree' | 'head' | { readonly ref: string }

export interface Loaded {
  readonly desired: Desired
  readonly host: HostFacts
  /** The same desired state with other values: hooks and first runs make some on the way. */
  readonly renderedWith: (values: HostValues) => Desired
  /** Every stacklet of the instance as it would be if it were declared running, for checking. */
  readonly everyStacklet: () => readonly DesiredStacklet[]
  /** What there is to warn of in any of them. */
  readonly everyWarning: () => readonly Problem[]
  /** The text of one of the files it was read from; null where there is none, or no text. */
  readonly textOf: (path: string) => Promise<string | null>
  /** This host's desired file, relative to the instance. */
  readonly file: string
  /** Files that concern every stacklet and differ from the commit. */
  readonly unseen: readonly string[]
  /** Everything that it is read from and differs from the commit. */
  readonly uncommitted: readonly string[]
  /** What would be desired if that file said this; null: if it were not there. */
  readonly saying: (text: string | null) => Desired
}

/** What this host knows and git does not. */
export interface HostValues {
  readonly secrets: Readonly<Record<string, Secret>>
  readonly settings: SettingTables
  /** What this host locked by itself: it goes over the lock in git. */
  readonly lock: Lock
}

/** The values as they are now. */
export async function readHostValues({ secrets, settings, localLock }: World): Promise<HostValues> {
  const { lock, problems } = parseStackLock(await localLock.read(), '.stack/stack.lock')
  if (problems.length > 0) throw new InvalidInstance(problems)
  return { secrets: await secrets.read(), settings: await settings.read(), lock }
}

/** Text → Desired, except for what Compose makes of it. Complaints are in the answer; only what cannot be read throws. */
export async function loadDesired(world: World, from: DesiredFrom, home: string, signal: AbortSignal): Promise<Loaded> {
  const edits = world.source.uncommitted(signal)
  // Asked at once; told when its turn comes.
  edits.catch(() => {})
  const base = await chooseBase(world, from, signal)
  const { tree, sources, settings, beside } = await readAll(world, base, home, signal)
  const acmeRoot = await readAcmeRoot(tree, settings)
  const host = await world.host.facts(settings.settings.core.host)
  const users = await readAs(tree, 'users.toml', parseUsers)
  const document = await readDocument(tree, host.name)
  const lock = await readAs(tree, lockFile, parseStackLock)
  const stacklets = parsed(sources)
  const facts = await factsOf(world, base, { host, beside, edits }, signal)
  const render = (listed: DesiredDocument, values: HostValues): Desired => {
    const problems = [...settings.problems, ...acmeRoot.problems]
    const rendered = withLocalSettings(settings.settings, values.settings)
    const merged = { settings: rendered, problems, acmeRoot: acmeRoot.text }
    const parts = { host: host.name, settings: merged, users, document: listed, lock, stacklets }
    return resolveDesired(parts, { ...facts, secrets: values.secrets, ownLock: values.lock })
  }
  const values = await readHostValues(world)
  const desired = render(document, values)
  return {
    desired,
    host,
    renderedWith: (others) => (areEqual(others, values) ? desired : render(document, others)),
    everyStacklet: () => render(withAll(document, stacklets), values).stacklets,
    everyWarning: () => render(withAll(document, stacklets), values).problems.filter(isWarning),
    textOf: async (path) => (await readText(tree, path, null)).text,
    file: document.file,
    unseen: facts.uncommitted.filter((path) =>
      [document.file, lockFile, 'stack.toml', 'users.toml', settings.settings.caddy.acmeCaRoot].includes(path),
    ),
    uncommitted: facts.uncommitted,
    saying: (text) => render(parseDesired(text, document.file), values),
  }
}

/** Everything there is to read. Only when some of it names places elsewhere in the repository is it read again, with those. */
async function readAll(world: World, { read }: Base, home: string, signal: AbortSignal) {
  const tree = await world.source.read(read, signal)
  const sources = await sourcesIn(tree)
  const settings = await readAs(tree, 'stack.toml', (text, path) => parseSettings(text, path, home))
  const { acmeCaRoot } = settings.settings.caddy
  const beside = [...placesBeside(sources), ...(acmeCaRoot === null ? [] : [acmeCaRoot])]
  if (beside.length === 0) return { tree, sources, settings, beside }
  const whole = await world.source.read(read, signal, beside)
  return { tree: whole, sources: await sourcesIn(whole), settings, beside }
}

const known = new WeakMap<SourceTree, readonly StackletSource[]>()

/** A tree that was read once stays as it is, and a source may keep the one of a commit. */
async function sourcesIn(tree: SourceTree): Promise<readonly StackletSource[]> {
  const sources = known.get(tree) ?? (await stackletSources(tree))
  known.set(tree, sources)
  return sources
}

function isWarning({ level }: Problem): boolean {
  return level === 'warning'
}

/** The document as if it listed every stacklet that there is, so that each can be rendered and checked. */
function withAll(document: DesiredDocument, stacklets: readonly ManifestReading[]): DesiredDocument {
  const ids = stacklets.flatMap(({ stacklet }) => (stacklet === null ? [] : [stacklet.id]))
  const listed = new Set(document.entries.map((entry) => entry.id))
  const added = ids.filter((id) => !listed.has(id)).map((id) => unlistedEntry(id, document.file))
  return {
    ...document,
    entries: [...document.entries.map((entry) => ({ ...entry, state: 'running' }) as const), ...added],
  }
}

function unlistedEntry(id: string, file: string): DesiredDocument['entries'][number] {
  const at = { file, line: 0, column: 0 }
  return {
    id,
    at,
    state: 'running',
    requires: [],
    env: {},
    driftIgnore: [],
    update: updateRules(undefined),
    routes: [],
    backup: null,
  }
}

interface Base {
  readonly read: 'work-tree' | Revision
  readonly revision: Revision | null
  readonly message: string
}

async function chooseBase(world: World, from: DesiredFrom, signal: AbortSignal): Promise<Base> {
  if (typeof from === 'object') {
    const commit = await world.source.resolve(from.ref, signal)
    return { read: commit.revision, revision: commit.revision, message: commit.message }
  }
  const head = await world.source.head(signal)
  if (head === null) return { read: 'work-tree', revision: null, message: '' }
  return { read: from === 'head' ? head.revision : 'work-tree', revision: head.revision, message: head.message }
}

async function readDocument(tree: SourceTree, host: string): Promise<DesiredDocument> {
  const own = `desired/${host}.toml`
  const isThere = tree.files.some((file) => file.path === own)
  return readAs(tree, isThere ? own : 'desired/desired.toml', parseDesired)
}

/** One of our own files, with what could not be read of it among the complaints. */
async function readAs<Answer extends { readonly problems: readonly Problem[] }>(
  tree: SourceTree,
  path: string,
  parse: (text: string | null, file: string) => Answer,
): Promise<Answer> {
  const { text, problems } = await readText(tree, path, null)
  const answer = parse(text, path)
  return { ...answer, problems: [...problems, ...answer.problems] }
}

type ParsedStacklet = ManifestReading & { readonly source: StackletSource }

const parsedOnce = new WeakMap<readonly StackletSource[], readonly ParsedStacklet[]>()

function parsed(sources: readonly StackletSource[]): readonly ParsedStacklet[] {
  const stacklets = parsedOnce.get(sources) ?? sources.map((source) => ({ ...knownManifest(source), source }))
  parsedOnce.set(sources, stacklets)
  return stacklets
}

function areEqual({ secrets, ...rest }: HostValues, { secrets: others, ...otherRest }: HostValues): boolean {
  const names = Object.keys(secrets)
  return (
    names.length === Object.keys(others).length &&
    names.every((name) => secrets[name]?.reveal() === others[name]?.reveal()) &&
    JSON.stringify(rest) === JSON.stringify(otherRest)
  )
}

interface Around {
  readonly host: HostFacts
  readonly beside: readonly string[]
  /** What differs from the commit, but for the places beside. */
  readonly edits: Promise<readonly string[]>
}

async function factsOf(world: World, base: Base, { host, beside, edits }: Around, signal: AbortSignal) {
  const all = () => (beside.length === 0 ? edits : world.source.uncommitted(signal, beside))
  const uncommitted = base.revision === null ? [] : await all()
  return {
    revision: base.revision,
    dirty: base.read === 'work-tree' && (uncommitted.length > 0 || base.revision === null),
    uncommitted,
    approvals: readApprovals(base.message),
    address: host.address,
    stateDir: host.stateDir,
    owner: host.owner,
    listenSysctl: host.listenSysctl,
  }
}

/** Errors that keep a whole run from starting; errors about one stacklet are that stacklet's own affair. */
export function errorsOfWhole(desired: Desired): readonly Problem[] {
  return desired.problems.filter((problem) => problem.level === 'error' && problem.about === null)
}
