import { describe, expect, it } from 'vitest'

import type { Digest, StackletId } from '../../reconciler/model/names.ts'
import type { Host } from '../../reconciler/ports/host.ts'

/** What every Host promises, whatever it knows it from. `make` answers a host that has not run yet. */
export function promisesOfHost(make: () => Host): void {
  describe('promises of Host', () => {
    it('has no instance id before the first run, and looking makes none', async () => {
      const host = make()

      expect((await host.facts(null)).instance).toBeNull()
      expect((await host.facts(null)).instance).toBeNull()
    })

    it('keeps what it made', async () => {
      const host = make()

      const kept = await host.keep(await host.facts(null))

      expect(kept.instance).toMatch(/^\S+$/)
      expect(await host.facts(null)).toEqual(kept)
      expect(await host.keep(await host.facts(null))).toEqual(kept)
      expect(await host.keep({ ...kept, instance: 'other', name: 'other', address: 'other' })).toEqual(kept)
    })

    it('does not take another name later', async () => {
      const host = make()
      await host.keep(await host.facts('atlas'))

      expect((await host.facts('atlas')).name).toBe('atlas')
      expect((await host.facts(null)).name).toBe('atlas')
      await expect(host.facts('zeus')).rejects.toMatchObject({ code: 'STACK_HOST_CHANGED', terminal: true })
    })

    it('remembers what it is told', async () => {
      const host = make()
      expect(await host.memory()).toEqual({ approvals: [], converged: [] })
      const memory = { approvals: ['d1' as Digest], converged: ['photos' as StackletId] }

      await host.remember(() => memory)

      expect(await host.memory()).toEqual(memory)
    })

    it('loses nothing that several remember at once', async () => {
      const host = make()
      const digests = ['d1', 'd2', 'd3', 'd4', 'd5']

      await Promise.all(
        digests.map((one) => host.remember((memory) => ({ ...memory, approvals: [...memory.approvals, one] }))),
      )

      expect([...(await host.memory()).approvals].sort()).toEqual(digests)
    })
  })
}
