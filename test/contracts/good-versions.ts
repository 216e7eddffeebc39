import { describe, expect, it } from 'vitest'
import type { StackletId } from '../../reconciler/model/names.ts'
import { Secret } from '../../reconciler/model/secret.ts'
import type { GoodVersion, GoodVersions } from '../../reconciler/ports/good-versions.ts'
import { desired } from '../support/desired.ts'
import { stacklet } from '../support/intent.ts'

/** A version of a stacklet `a` whose secret has this value. */
export function versionWith(secret: string, document: string | null = '{"services":{}}'): GoodVersion {
  const secrets = { a__TOKEN: secret }
  const [wanted] = desired([stacklet('a', { generate: ['TOKEN'] })], { secrets }).stacklets
  if (wanted === undefined) throw new Error('there is one stacklet')
  return {
    wanted,
    revision: null,
    images: { 'server:1': 'sha256:a' },
    document: document === null ? null : new Secret(document),
  }
}

const a = 'a' as StackletId

/** What every GoodVersions promises, whatever it keeps them in. */
export function promisesOfGoodVersions(make: () => GoodVersions): void {
  describe('promises of GoodVersions', () => {
    it('knows none at first', async () => {
      expect(await make().read(a)).toBeNull()
    })

    it('gives back what was saved last, secrets as secrets', async () => {
      const good = make()
      await good.save(versionWith('one'))
      await good.save(versionWith('the second value'))

      const kept = await good.read(a)

      expect(kept?.wanted.env.values.find(({ name }) => name === 'TOKEN')?.text.reveal()).toBe('the second value')
      expect(JSON.stringify(kept)).not.toContain('the second value')
      expect(kept?.wanted.project).toEqual(versionWith('the second value').wanted.project)
      expect(kept?.images).toEqual({ 'server:1': 'sha256:a' })
      expect(kept?.document?.reveal()).toBe('{"services":{}}')
    })

    it('forgets, also what it never knew', async () => {
      const good = make()
      await good.save(versionWith('one'))

      await good.forget(a)
      await good.forget('b' as StackletId)

      expect(await good.read(a)).toBeNull()
    })
  })
}
