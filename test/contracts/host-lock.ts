import { describe, expect, it } from 'vitest'

import type { HostLock } from '../../reconciler/ports/host-lock.ts'

const { signal } = new AbortController()
const atOnce = { waitMs: 0, onWait: () => {} }

/** What every HostLock promises. `make` answers two of one instance, as two processes have them. */
export function promisesOfHostLock(make: () => readonly [HostLock, HostLock]): void {
  describe('promises of HostLock', () => {
    it('is held by one at a time, and says by whom', async () => {
      const [mine, theirs] = make()
      const held = await mine.take(atOnce, signal)
      await held.announce('reconcile by hand')

      await expect(theirs.take(atOnce, signal)).rejects.toMatchObject({
        code: 'STACK_LOCKED',
        message: expect.stringContaining('reconcile by hand'),
      })
      await held.release()
      await (await theirs.take(atOnce, signal)).release()
    })

    it('is waited for, and says once for whom', async () => {
      const [mine, theirs] = make()
      const sentences: string[] = []
      const held = await mine.take(atOnce, signal)
      await held.announce('push')
      const waiting = theirs.take({ waitMs: 5000, onWait: (sentence) => sentences.push(sentence) }, signal)
      await expect.poll(() => sentences).toEqual([expect.stringContaining('push')])

      await held.release()

      await (await waiting).release()
      expect(sentences.length).toBe(1)
    })

    it('is not waited for longer than asked', async () => {
      const [mine, theirs] = make()
      const held = await mine.take(atOnce, signal)

      await expect(theirs.take({ waitMs: 50, onWait: () => {} }, signal)).rejects.toMatchObject({
        code: 'STACK_LOCKED',
      })
      await held.release()
    })

    it('is no longer waited for when cancelled', async () => {
      const [mine, theirs] = make()
      const held = await mine.take(atOnce, signal)
      const cancel = new AbortController()
      const onWait = () => cancel.abort(new Error('enough'))

      await expect(theirs.take({ waitMs: 5000, onWait }, cancel.signal)).rejects.toThrow('enough')
      await held.release()
    })
  })
}
