import { expect, it } from 'vitest'
import { commit, emptyBox } from '../support/fake/box.ts'
import { host, stacklet } from '../support/intent.ts'
import { reconcileOn } from '../support/run.ts'
import { textsOf } from '../support/texts.ts'

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
const all = ids.map((id) => stacklet(id, { route: 'declared' }))

it('routes that are switched at one time are loaded together, and all of them are', async () => {
  const box = emptyBox()
  commit(box, textsOf(host(all, { domain: 'home.internal' })))
  await reconcileOn(box)
  commit(box, textsOf(host(all, { domain: 'other.lan' })))

  const { report, calls } = await reconcileOn(box)

  const loads = calls.made.filter(({ name }) => name === 'proxy.load')
  expect(report?.outcome.kind).toBe('converged')
  expect(report?.steps.filter(({ kind }) => kind === 'route')).toHaveLength(8)
  expect(loads.length).toBeLessThanOrEqual(4)
  expect([...box.served.values()].flatMap(({ sites }) => sites.map((site) => site.host)).sort()).toEqual(
    ids.map((id) => `${id}.other.lan`),
  )
})
