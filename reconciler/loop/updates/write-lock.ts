import { lockFile, parseStackLock, stackLockText } from '../../definitions/stack-lock.ts'
import { InvalidInstance } from '../../model/errors.ts'
import type { Lock } from '../../model/locked-image.ts'
import type { Revision } from '../../model/names.ts'
import type { CommitRequest, FileEdit } from '../../ports/instance-editor.ts'
import type { Loaded } from '../load-desired.ts'
import type { UpdateParts } from './update-parts.ts'

export interface LockEdit {
  /** From the lock as it is then: others commit meanwhile. */
  readonly edit: (lock: Lock) => Lock
  readonly message: string
  readonly onWait: FileEdit['onWait']
}

export interface WrittenLock {
  /** The commit that says so; null where the lock said so already, or is no commit. */
  readonly revision: Revision | null
  readonly notes: readonly string[]
  /** False: it waits in a branch for a person. */
  readonly counts: boolean
}

/** Where updates wait for a person with `write = "branch"`. */
export const proposalBranch = 'stack/updates'

/**
 * Changes the lock where `[updates] write` says: at the remote, in a commit here, in a branch, or beside git. Where nothing is
 * said, what is possible: at the remote, here where there is none, beside git where the remote takes nothing from us.
 */
export async function writeLock(
  parts: UpdateParts,
  { desired }: Pick<Loaded, 'desired'>,
  edit: LockEdit,
  signal: AbortSignal,
): Promise<WrittenLock> {
  const { editor } = parts.world
  const { write } = desired.settings.updates
  const { remote, branch, verify } = desired.settings.git
  const { message, onWait } = edit
  const request = { path: lockFile, edit: textEdit(edit), message, onWait, signed: verify === 'signed', remote, branch }
  if (write === 'off') return writeBeside(parts, edit, [], signal)
  if (write === 'commit') return commitHere(parts, { ...request, share: false }, signal)
  // Whose signature counts is for the way that commits usually go to say.
  if (request.signed && write !== 'branch') return commitHere(parts, request, signal)
  const proposal = write === 'branch' ? proposalBranch : null
  const published = await editor.publishFile({ ...request, proposal }, signal)
  if (published.kind === 'published') return { ...published, counts: proposal === null }
  if (published.kind === 'no-remote') return commitHere(parts, { ...request, share: false }, signal)
  const told = `not pushed: ${published.why}`
  if (proposal !== null) return { revision: null, notes: [told], counts: false }
  if (published.kind === 'refused' && write === null) {
    return writeBeside(parts, edit, [`${told}; the lock is this host's own, in .stack/stack.lock`], signal)
  }
  return commitHere(parts, request, signal)
}

async function commitHere({ world }: UpdateParts, request: CommitRequest, signal: AbortSignal): Promise<WrittenLock> {
  return { ...(await world.editor.commitFile(request, signal)), counts: true }
}

async function writeBeside(
  { world }: UpdateParts,
  edit: LockEdit,
  notes: readonly string[],
  signal: AbortSignal,
): Promise<WrittenLock> {
  await world.localLock.change(textEdit(edit), signal)
  return { revision: null, notes, counts: true }
}

function textEdit({ edit }: LockEdit): (text: string | null) => string {
  return (text) => {
    const { lock, problems } = parseStackLock(text, lockFile)
    if (problems.length > 0) throw new InvalidInstance(problems)
    const next = edit(lock)
    return text === null && isEmpty(next) ? '' : stackLockText(next)
  }
}

function isEmpty(lock: Lock): boolean {
  return Object.values(lock).every((services) => Object.keys(services).length === 0)
}
