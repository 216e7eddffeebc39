import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyCase, boxOf, runs } from '../support/any-case.ts'
import { type Box, commit, copyOf, emptyBox } from '../support/fake/box.ts'
import { type HostIntent, host, stacklet } from '../support/intent.ts'
import { ownOf, same } from '../support/judge.ts'
import { reconcileOn } from '../support/run.ts'
import { textsOf } from '../support/texts.ts'

const patience = 600_000
const prunes = ['keep', 'down', 'destroy'] as const

describe('a desired.toml that lists nothing', { timeout: patience }, () => {
  it('removes nothing, whatever was there and whoever consents', () =>
    fc.assert(
      fc.asyncProperty(anyCase, fc.constantFrom(...prunes, 'missing'), async (one, prune) => {
        const box = await boxOf(one)
        const { 'desired/desired.toml': _, ...texts } = textsOf(one.want)
        const emptied = { ...texts, 'desired/desired.toml': `[reconcile]\nprune = "${prune}"\n` }
        commit(box, prune === 'missing' ? texts : emptied)
        const before = copyOf(box)

        const { report } = await reconcileOn(box, { yes: one.yes })

        expect(['held', 'converged']).toContain(report?.outcome.kind)
        expect(kept(box)).toEqual(kept(before))
      }),
      runs(10),
    ))
})

/** The note of a hook whose process died goes with what was left of it. */
function kept({ containers, data, trash, ledger, secrets, files, happened }: Box): unknown {
  const lasting = [...files].filter(([path]) => !path.endsWith('.hook'))
  return { containers, data, trash, ledger, secrets, files: lasting, happened: happened.length }
}

describe('max_removals', { timeout: patience }, () => {
  const ids = ['a', 'b', 'c', 'd', 'e']
  const anyLeaving = fc.record({
    fates: fc.tuple(...ids.map(() => fc.constantFrom('running', 'absent', 'unlisted'))),
    prune: fc.constantFrom(...prunes),
    maxRemovals: fc.nat(5),
  })

  it('lets that many leave at once, or none', () =>
    fc.assert(
      fc.asyncProperty(anyLeaving, async ({ fates, ...pace }) => {
        const box = await running(ids)
        const before = copyOf(box)
        const want = host([...ids.map((id, index) => stacklet(id, { state: fates[index] ?? 'running' })), anchor], pace)
        commit(box, textsOf(want))
        const leaving = idsLeaving(want)
        const isHeld = leaving.length > pace.maxRemovals

        const { report } = await reconcileOn(box, { yes: true })

        const touched = leaving.filter((id) => !same(ownOf(id, before), ownOf(id, box)))
        expect(report?.outcome.kind).toBe(isHeld ? 'held' : 'converged')
        expect(touched).toEqual(isHeld ? [] : leaving)
      }),
      runs(15),
    ))

  const anchor = stacklet('anchor')

  async function running(all: readonly string[]): Promise<Box> {
    const box = emptyBox()
    commit(box, textsOf(host([...all.map((id) => stacklet(id)), anchor])))
    await reconcileOn(box)
    return box
  }

  function idsLeaving({ stacklets, prune }: HostIntent): readonly string[] {
    const leaves = (state: string) => state === 'absent' || (state === 'unlisted' && prune !== 'keep')
    return stacklets.filter(({ state }) => leaves(state)).map(({ id }) => id)
  }
})
