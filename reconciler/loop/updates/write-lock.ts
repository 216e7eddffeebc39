import { lockFile, parseStackLock, stackLockText } from '../../definitions/stack-lock.ts'
import { InvalidInstance } from '../../model/errors.ts'
import type { Lock } from '../../model/locked-image.ts'
import type { Committed } from '../../ports/instance-editor.ts'
import type { Loaded } from '../load-desired.ts'
import type { UpdateParts } from './update-parts.ts'

export interface LockEdit {
  /** From the lock as it is then: others commit meanwhile. */
  readonly edit: (lock: Lock) => Lock
  readonly message: string
}

/** Changes the lock in a commit that touches nothing else. Says nothing where the lock says so already. */
export async function writeLock(
  { world }: UpdateParts,
  { desired }: Pick<Loaded, 'desired'>,
  { edit, message }: LockEdit,
  onWait: (sentence: string) => void,
  signal: AbortSignal,
): Promise<Committed> {
  const { remote, branch, verify } = desired.settings.git
  const change = (text: string | null): string => {
    const { lock, problems } = parseStackLock(text, lockFile)
    if (problems.length > 0) throw new InvalidInstance(problems)
    const next = edit(lock)
    return text === null && isEmpty(next) ? '' : stackLockText(next)
  }
  const request = { path: lockFile, edit: change, message, onWait, signed: verify === 'signed', remote, branch }
  return world.editor.commitFile(request, signal)
}

function isEmpty(lock: Lock): boolean {
  return Object.values(lock).every((services) => Object.keys(services).length === 0)
}
