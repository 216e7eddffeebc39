import type { Answers } from '../definitions/new-instance.ts'
import { StackError } from '../model/errors.ts'
import type { Revision } from '../model/names.ts'
import type { FolderLook, NewFile, NewInstance } from '../ports/new-instance.ts'
import type { NewRepository, RepositoryLook } from '../ports/new-repository.ts'
import type { World } from '../ports/world.ts'
import { commitInstance, notCommitted } from './init-commit.ts'
import { firstDesired, missingFiles } from './init-files.ts'
import { adoptRunning, lookAtSetUp, type TakenOver } from './take-over.ts'

/** What making an instance needs. */
export interface InitParts {
  readonly instance: NewInstance
  readonly repository: NewRepository
  /** Of the folder, as an instance: it is asked only to take over one that runs. */
  readonly world: () => Promise<World>
  /** For `~` in paths. */
  readonly home: string
}

/** What is known of the folder before anything is changed. */
export interface InitLook {
  readonly look: FolderLook
  readonly repository: RepositoryLook
  /** The original system set stacklets up here, and nothing is declared yet. */
  readonly isOriginal: boolean
  /** That, or taking over was cut short: something was set up here that our ledger does not know. */
  readonly takesOver: boolean
}

export interface InitReport {
  readonly folder: string
  /** Files that were made or added to. */
  readonly written: readonly string[]
  readonly repository: 'made' | 'there'
  /** Null when there was nothing to commit. */
  readonly revision: Revision | null
  /** What was set up here under the original system; null where nothing was. */
  readonly takenOver: readonly TakenOver[] | null
  /** What a person should know, a sentence each. */
  readonly notes: readonly string[]
}

export async function lookForInit(parts: InitParts, signal: AbortSignal): Promise<InitLook> {
  const look = await parts.instance.look()
  const wasSetUp = look.setUp.length > 0
  const isOriginal = wasSetUp && !look.hasDesired
  const takesOver = isOriginal || (wasSetUp && (await hasUnknown(look, await parts.world())))
  return { look, repository: await parts.repository.look(signal), isOriginal, takesOver }
}

async function hasUnknown({ setUp, stacklets }: FolderLook, { ledger }: World): Promise<boolean> {
  const { entries } = await ledger.read()
  return setUp.some((id) => stacklets.includes(id) && entries[id] === undefined)
}

/** Makes an instance of a folder: adds what is missing, commits that, and takes over what the original system runs there. */
export async function initInstance(parts: InitParts, answers: Answers, signal: AbortSignal): Promise<InitReport> {
  const { instance, repository, home } = parts
  const before = await lookForInit(parts, signal)
  const { look, takesOver } = before
  const texts = missingFiles(look, before.repository, answers, home)
  await mustBeClean(repository, before, [...texts.keys()], signal)
  if (takesOver) await mustReachEngine(await parts.world(), signal)

  await instance.makeState()
  const kept = look.state === '.famstack' ? await instance.takeState() : []
  if (before.repository.state === 'none') await repository.init(signal)
  const setUp = takesOver ? await lookAtSetUp(await parts.world(), look.setUp, home, signal) : null
  const core = look.stacklets.some((id) => id === 'core') ? [] : await instance.shipped('core')
  const desired = look.hasDesired ? [] : [['desired/desired.toml', firstDesired(look, core, setUp)] as const]
  const files = [...[...texts, ...desired].map(asFile), ...core]
  await instance.write(files)

  const written = files.map((file) => file.path).sort()
  const revision = await commitInstance(parts, before, written, setUp ?? [], signal)
  const takenOver = setUp === null ? null : await adoptRunning(await parts.world(), setUp, home, signal)
  return {
    folder: look.folder,
    written,
    repository: before.repository.state === 'none' ? 'made' : 'there',
    revision,
    takenOver,
    notes: [...kept.map(notCopied), ...lost(look), ...(await notCommitted(parts, signal))],
  }
}

/** Edits that a person has not committed are neither overwritten nor committed in passing. */
async function mustBeClean(
  repository: NewRepository,
  before: InitLook,
  changing: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const paths = [...new Set([...changing, ...(before.isOriginal ? ['stack.toml', 'users.toml'] : [])])]
  if (before.repository.state === 'none' || paths.length === 0) return
  const found = await repository.uncommitted(paths, signal)
  const edited = found.filter((one) => one.isTracked || changing.includes(one.path)).map((one) => one.path)
  if (edited.length === 0) return
  throw new StackError('STACK_NOT_COMMITTED', `not committed: ${edited.join(', ')}`, {
    hint: `commit (git commit ${edited.join(' ')}) or undo that, and run stack init again; nothing was changed`,
    terminal: true,
  })
}

/** What runs is known only to the engine: declared without asking it, a stacklet might be started or stopped. */
async function mustReachEngine({ engine }: World, signal: AbortSignal): Promise<void> {
  await engine.look({ instance: null, projects: [] }, signal)
}

function notCopied(path: string): string {
  return `.stack/${path} was there already: .famstack/${path} was not copied over it`
}

function lost({ setUp, stacklets }: FolderLook): readonly string[] {
  const gone = setUp.filter((id) => !stacklets.includes(id))
  return gone.map((id) => `${id} was set up here, and stacklets/${id}/ is gone: nothing was done about it`)
}

function asFile([path, text]: readonly [string, string]): NewFile {
  return { path, bytes: new TextEncoder().encode(text), isExecutable: false }
}
