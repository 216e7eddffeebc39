import { editDesired } from '../definitions/edit-desired.ts'
import type { Desired, DesiredStacklet } from '../model/desired.ts'
import { InvalidInstance, StackError } from '../model/errors.ts'
import type { Revision, StackletId } from '../model/names.ts'
import { type Choice, chooseStates, type Scene, type Verb } from '../plan/choose-states.ts'
import { containersOf } from '../plan/ownership.ts'
import type { Note } from '../plan/step.ts'
import type { World } from '../ports/world.ts'
import { errorsOfWhole, type Loaded, loadDesired } from './load-desired.ts'
import type { RunReport } from './outcome.ts'
import { type RunRequest, reconcile } from './reconcile.ts'
import { type Welcome, welcomes } from './welcome.ts'

export interface DeclareRequest extends Omit<RunRequest, 'trigger' | 'wish'> {
  readonly verb: Verb
  readonly ids: readonly string[] | 'all'
  /** False: edits the file, commits nothing and converges nothing. */
  readonly commit: boolean
  /** For destroy: the data goes for good. */
  readonly purge: boolean
  /** Called when the file says it, before anything happens on the host. */
  readonly onDeclared: (edit: Declaration) => void
}

/** What a verb made the file say. */
export interface Declaration {
  /** `desired/desired.toml` */
  readonly file: string
  /** Those that say something else now. */
  readonly changed: readonly StackletId[]
  /** The commit that says so; null when nothing changed, or was not to be committed. */
  readonly revision: Revision | null
}

export interface Declared extends Declaration {
  /** Null without a commit: nothing was run. */
  readonly report: RunReport | null
  /** For the stacklets that were named or started for the first time, and are up. */
  readonly welcomes: readonly Welcome[]
}

/**
 * Says in desired.toml what should be true, commits that, and converges what it needs. Whatever cannot be right is refused
 * before anything is touched: unknown ids, what others require, a file that would not be valid.
 */
export async function declare(world: World, request: DeclareRequest, signal: AbortSignal): Promise<Declared> {
  const loaded = await loadDesired(world, request.commit ? 'head' : 'work-tree', request.home, signal)
  const { declaration, choice, notes } = await edit(world, loaded, request, signal)
  request.onDeclared(declaration)
  if (!request.commit) return { ...declaration, report: null, welcomes: [] }

  const purge = request.purge ? choice.ids : []
  const wish = { only: choice.ids, restart: [], setUp: [], purge }
  const report = await reconcile(world, { ...request, trigger: wordsOf(request), wish }, signal)
  const told = { ...report, notes: [...notes, ...report.notes] }
  const named = request.ids === 'all' ? [] : choice.ids.filter((id) => request.ids.includes(id))
  const greetings = request.verb === 'up' ? await welcomes(world, report, { named, home: request.home }, signal) : []
  return { ...declaration, report: told, welcomes: greetings }
}

interface Edited {
  readonly declaration: Declaration
  readonly choice: Choice
  readonly notes: readonly Note[]
}

async function edit(world: World, first: Loaded, request: DeclareRequest, signal: AbortSignal): Promise<Edited> {
  const { file } = first
  let choice: Choice = { states: new Map(), ids: [] }
  let changed: readonly StackletId[] = []
  // The choice is made under the lock, from what is there then: others commit meanwhile, here and at the remote.
  const change = async (text: string | null): Promise<string> => {
    const loaded = await latest(world, first, request, signal)
    const desired = loaded.saying(text)
    choice = chooseStates(request.verb, request.ids, await sceneOf(world, loaded, desired, request, signal))
    const edited = editDesired(text, choice.states, file)
    if ('problem' in edited) throw new InvalidInstance([edited.problem])
    if (edited.text === (text ?? '')) return edited.text
    const errors = errorsOfWhole(loaded.saying(edited.text))
    if (errors.length > 0) throw new InvalidInstance(errors)
    changed = [...choice.states].filter(([id, state]) => stateIn(desired, id) !== state).map(([id]) => id)
    return edited.text
  }
  const { onWait } = request
  if (!request.commit) {
    await world.editor.editFile({ path: file, edit: change, onWait }, signal)
    return { declaration: { file, changed, revision: null }, choice, notes: [] }
  }
  const { remote, branch, verify } = first.desired.settings.git
  const signed = verify === 'signed'
  const commit = { path: file, edit: change, onWait, message: wordsOf(request), signed, remote, branch }
  const { revision, notes } = await world.editor.commitFile(commit, signal)
  return { declaration: { file, changed, revision }, choice, notes: notes.map(noteOf) }
}

async function latest(world: World, first: Loaded, request: DeclareRequest, signal: AbortSignal): Promise<Loaded> {
  if (!request.commit) return first
  const head = await world.source.head(signal)
  return head?.revision === first.desired.revision ? first : loadDesired(world, 'head', request.home, signal)
}

function stateIn(desired: Desired, id: StackletId): string | undefined {
  return desired.stacklets.find((one) => one.id === id)?.state
}

async function sceneOf(
  world: World,
  loaded: Loaded,
  desired: Desired,
  request: DeclareRequest,
  signal: AbortSignal,
): Promise<Scene> {
  if (request.ids !== 'all') await mustBeUsable(world, loaded, request, signal)
  const everyone = loaded.everyStacklet()
  const isDownAll = request.verb === 'down' && request.ids === 'all'
  const running = isDownAll ? await runningIds(world, loaded, signal) : []
  return { desired, everyone, remembered: await rememberedIds(world, everyone, desired), running }
}

/** Those that were here once: noted in the ledger, or with files of theirs on the disk. */
async function rememberedIds(
  world: World,
  everyone: readonly DesiredStacklet[],
  { settings }: Desired,
): Promise<readonly StackletId[]> {
  const ids = everyone.map((one) => one.id)
  const files = await world.files.look(ids, settings.core.dataDir)
  const left = ids.filter((id) => files[id]?.isSetUp || files[id]?.hasData || (files[id]?.env ?? null) !== null)
  const { entries } = await world.ledger.read()
  return [...new Set([...Object.values(entries).map((entry) => entry.id), ...left])]
}

/** A stacklet that is broken, or that git does not have, would stall the run it is declared for. */
async function mustBeUsable(
  world: World,
  { desired, everyStacklet }: Loaded,
  { verb, ids, commit, home }: DeclareRequest,
  signal: AbortSignal,
): Promise<void> {
  const broken = desired.problems.filter(
    ({ level, about }) => level === 'error' && about !== null && ids.includes(about),
  )
  if (verb === 'up' && broken.length > 0) throw new InvalidInstance(broken)
  const there = new Set<string>([...everyStacklet(), ...desired.stacklets].map((one) => one.id))
  const missing = (ids as readonly string[]).filter((id) => !there.has(id))
  if (missing.length === 0 || !commit || desired.revision === null) return
  const written = await loadDesired(world, 'work-tree', home, signal)
  const found = written.everyStacklet().find((one) => missing.includes(one.id))
  if (found === undefined) return
  throw new StackError(
    'STACK_NOT_COMMITTED',
    `${found.stacklet.path} is not committed, and a run does what is committed`,
    {
      hint: `git add ${found.stacklet.path} && git commit -m "${found.id}"`,
      terminal: true,
    },
  )
}

async function runningIds(world: World, { host }: Loaded, signal: AbortSignal): Promise<readonly StackletId[]> {
  const { entries: ledger } = await world.ledger.read()
  const { instance } = host
  const projects = Object.values(ledger).flatMap((entry) => entry.project?.name ?? [])
  const { containers } = await world.engine.look({ instance, projects }, signal)
  const ids = [...Object.keys(ledger), ...containers.map((one) => one.stacklet ?? '')] as StackletId[]
  return [...new Set(ids)].filter((id) =>
    containersOf(id, { ledger, instance, containers }).some(
      (one) => one.state === 'running' || one.state === 'restarting' || one.state === 'paused',
    ),
  )
}

function wordsOf({ verb, ids }: DeclareRequest): string {
  return `stack ${verb} ${ids === 'all' ? 'all' : ids.join(' ')}`
}

function noteOf(message: string): Note {
  return { kind: 'warning', stacklet: null, message, hint: 'look with git status, then git push', digest: null }
}
