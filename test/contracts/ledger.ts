import { describe, expect, it } from 'vitest'

import type { LedgerEntry } from '../../reconciler/model/actual.ts'
import type { Digest, StackletId } from '../../reconciler/model/names.ts'
import type { Ledger } from '../../reconciler/ports/ledger.ts'

export function ledgerEntry(id: string, more: Partial<LedgerEntry> = {}): LedgerEntry {
  const service = { name: 'web', containerName: null, image: 'a:1', isBuilt: false, replicas: 1, hasHealthcheck: true }
  const ports = [{ address: '0.0.0.0', port: 80, protocol: 'tcp' }] as const
  return {
    format: 2,
    id: id as StackletId,
    state: 'running',
    appliedAt: '2026-11-21T03:00:12.000Z',
    revision: null,
    content: 'c0ffee' as Digest,
    files: { 'stacklet.toml': 'f11e' as Digest },
    locked: {},
    inputs: { 'env TZ': '1d' as Digest },
    values: { 'env TZ': 'UTC' },
    requires: [],
    project: {
      name: id,
      services: [{ ...service, ports, sources: ['conf'], context: null }],
      networks: [],
      volumes: [],
    },
    engine: '26.1.5',
    containers: { [`${id}-web-1`]: { Image: 'a:1' } },
    networks: { [`${id}_default`]: { Driver: 'bridge' } },
    volumes: {},
    images: { 'a:1': 'sha256:a' },
    owes: [],
    ...more,
  }
}

/** What every Ledger promises, whatever it keeps its entries in. */
export function promisesOfLedger(make: () => Ledger): void {
  describe('promises of Ledger', () => {
    it('is empty at first', async () => {
      expect(await make().read()).toEqual({ entries: {}, broken: [] })
    })

    it('gives back what was written last, by id', async () => {
      const ledger = make()
      const photos = ledgerEntry('photos')
      await ledger.write(ledgerEntry('photos', { state: 'stopped', project: null }))
      await ledger.write(photos)
      await ledger.write(ledgerEntry('core', { project: null, containers: {} }))

      const { entries, broken } = await ledger.read()

      expect(entries['photos']).toEqual(photos)
      expect(Object.keys(entries)).toEqual(['core', 'photos'])
      expect(broken).toEqual([])
    })

    it('forgets one and keeps the others; forgetting nothing is no error', async () => {
      const ledger = make()
      for (const id of ['photos', 'core']) await ledger.write(ledgerEntry(id))

      await ledger.forget('photos' as StackletId)
      await ledger.forget('photos' as StackletId)

      expect(Object.keys((await ledger.read()).entries)).toEqual(['core'])
    })

    it('knows nothing of a stacklet whose name objects have already', async () => {
      expect((await make().read()).entries['constructor']).toBeUndefined()
    })
  })
}
