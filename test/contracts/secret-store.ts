import { describe, expect, it } from 'vitest'

import { Secret } from '../../reconciler/model/secret.ts'
import type { SecretStore } from '../../reconciler/ports/secret-store.ts'

const { signal } = new AbortController()

/** What every SecretStore promises, whatever it keeps its secrets in. */
export function promisesOfSecretStore(make: () => SecretStore): void {
  const revealed = async (store: SecretStore) =>
    Object.fromEntries(Object.entries(await store.read()).map(([name, value]) => [name, value.reveal()]))

  describe('promises of SecretStore', () => {
    it('has nothing where nothing was written', async () => {
      expect(await make().read()).toEqual({})
    })

    it('makes what is missing once, and answers the names it made', async () => {
      const store = make()
      const wanted = [
        { name: 'photos__DB_PASSWORD', shape: 'service' },
        { name: 'global__ADMIN_PASSWORD', shape: 'typed' },
      ] as const

      expect([...(await store.ensure(wanted, signal))].sort()).toEqual([
        'global__ADMIN_PASSWORD',
        'photos__DB_PASSWORD',
      ])
      const made = await revealed(store)
      expect(made['photos__DB_PASSWORD']).toMatch(/^[A-Za-z0-9]{32}$/)
      expect(made['global__ADMIN_PASSWORD']).toMatch(/^[a-z0-9]{8}$/)

      expect(await store.ensure(wanted, signal)).toEqual([])
      expect(await revealed(store)).toEqual(made)
    })

    it('rotates a secret and keeps what it was, however often, until that is removed', async () => {
      const store = make()
      await store.set('photos__KEY', new Secret('first'), signal)

      await store.rotate({ name: 'photos__KEY', shape: 'service' }, signal)
      const once = await revealed(store)
      await store.rotate({ name: 'photos__KEY', shape: 'service' }, signal)
      const twice = await revealed(store)

      expect(once).toEqual({ photos__KEY: expect.stringMatching(/^\w{32}$/), photos__KEY__previous: 'first' })
      expect(twice).toEqual({ photos__KEY: expect.stringMatching(/^\w{32}$/), photos__KEY__previous: 'first' })
      expect(twice['photos__KEY']).not.toBe(once['photos__KEY'])
    })

    it('makes a secret that is empty, and leaves one that is not', async () => {
      const store = make()
      await store.set('photos__EMPTY', new Secret(''), signal)
      await store.set('photos__FULL', new Secret('x'), signal)
      const wanted = ['EMPTY', 'FULL'].map((name) => ({ name: `photos__${name}`, shape: 'service' }) as const)

      expect(await store.ensure(wanted, signal)).toEqual(['photos__EMPTY'])
      expect((await revealed(store))['photos__FULL']).toBe('x')
    })

    it('takes a global secret for any stacklet’s, and makes no other', async () => {
      const store = make()
      await store.set('global__SMTP_PASSWORD', new Secret('x'), signal)
      await store.set('global__EMPTY', new Secret(''), signal)
      const wanted = ['SMTP_PASSWORD', 'EMPTY'].map((name) => ({ name: `photos__${name}`, shape: 'service' }) as const)

      expect(await store.ensure(wanted, signal)).toEqual(['photos__EMPTY'])
    })

    it('keeps everything else when it writes or removes one', async () => {
      const store = make()
      for (const name of ['a__X', 'b__X', 'c__X']) await store.set(name, new Secret(name), signal)

      await store.set('b__X', new Secret('new'), signal)
      await store.remove(['c__X', 'nobody__X'], signal)

      expect(await revealed(store)).toEqual({ a__X: 'a__X', b__X: 'new' })
    })

    it.each(['', 'X', 'photos', 'photos__', '__X', 'Photos__X', 'photos__a b', '../x__Y', 'photos__X\n'])(
      'writes nothing under the name %j',
      async (name) => {
        const store = make()

        await expect(store.set(name, new Secret('x'), signal)).rejects.toMatchObject({ code: 'STACK_USAGE' })
        await expect(store.ensure([{ name, shape: 'service' }], signal)).rejects.toMatchObject({ code: 'STACK_USAGE' })
        expect(await store.read()).toEqual({})
      },
    )
  })
}
