import { describe, expect, it } from 'vitest'
import { reconcile } from '../../reconciler/loop/reconcile.ts'
import { commit, emptyBox } from '../support/fake/box.ts'
import { whenSomethingHappens } from '../support/fake/containers.ts'
import { fakeWorld } from '../support/fake-world.ts'
import { host, stacklet } from '../support/intent.ts'
import { reconcileOn } from '../support/run.ts'
import { textsOf } from '../support/texts.ts'

const quietly = { trigger: 'push', yes: false, isInteractive: false, isUnattended: true, waitMs: 0, home: '/home/ada' }

describe('a newer commit', () => {
  it('ends the waits of the run before, which is neither a failure nor a verdict', async () => {
    const box = emptyBox()
    const slow = (id: string) => stacklet(id, { services: { web: { image: 'slow:1', hasHealthcheck: true } } })
    commit(box, textsOf(host([stacklet('a'), stacklet('b')], { concurrency: 1 })))
    await reconcileOn(box)
    commit(box, textsOf(host([slow('a'), slow('b')], { concurrency: 1 })))
    const newer = new AbortController()
    const { world } = fakeWorld(box)
    whenSomethingHappens(box, ({ what }) => {
      if (what === 'start') newer.abort()
    })

    const request = { ...quietly, superseded: newer.signal, watch() {}, onWait() {} }
    const report = await reconcile(world, request, new AbortController().signal)

    expect(report.outcome.kind).toBe('waiting')
    expect(report.steps.map(({ id }) => id)).not.toContain('replace b')
    expect(box.standings.size).toBe(0)
    expect((await reconcileOn(box, { isUnattended: true })).report?.outcome).toEqual({ kind: 'converged' })
  })
})
