import { StackError } from '../../../reconciler/model/errors.ts'
import type { HostLock } from '../../../reconciler/ports/host-lock.ts'
import type { Box } from './box.ts'
import type { Calls } from './calls.ts'

/** A lock that is free or taken: nobody waits for it. */
export function fakeLock(box: Box, pid: number, calls: Calls): HostLock {
  return {
    take: async ({ onWait }) => {
      await calls.around({ name: 'lock.take', changes: false }, async () => {
        if (box.lockedBy !== null) {
          onWait(`waiting for process ${box.lockedBy}`)
          throw new StackError('STACK_LOCKED', `held by process ${box.lockedBy}`, { hint: 'wait' })
        }
        box.lockedBy = pid
      })
      return {
        announce: () => calls.around({ name: 'lock.announce', changes: true }, async () => {}),
        /** Whatever becomes of this call, the lock is free when its process has ended. */
        release: () =>
          calls.around({ name: 'lock.release', changes: false }, async () => {
            if (box.lockedBy === pid) box.lockedBy = null
          }),
      }
    },
  }
}
