import { describe, expect, it } from 'vitest'
import { type Box, commit, emptyBox } from '../support/fake/box.ts'
import type { FakeContainer } from '../support/fake/container.ts'
import { whenSomethingHappens } from '../support/fake/containers.ts'
import { host, type StackletIntent, stacklet } from '../support/intent.ts'
import { reconcileOn } from '../support/run.ts'
import { textsOf } from '../support/texts.ts'

const pair = { web: {}, db: {} }

/** A host on which these ran, and on which the engine died while it started those containers. */
async function boxAfter(stacklets: readonly StackletIntent[], stuck: readonly string[]): Promise<Box> {
  const box = emptyBox()
  commit(box, textsOf(host(stacklets.map((one) => ({ ...one, env: {} })))))
  await reconcileOn(box)
  for (const name of stuck) Object.assign(named(box, name), { isStuck: true, life: { kind: 'created' } })
  commit(box, textsOf(host(stacklets)))
  return box
}

function named(box: Box, name: string): FakeContainer {
  const found = box.containers.find((one) => one.name === name)
  if (found === undefined) throw new Error(`there is no container ${name}`)
  return found
}

const webOf = (id: string) => `stack-${id}-web-1`

describe('a start that is stuck', () => {
  it('is met, planned anew and put right in one run', async () => {
    const box = await boxAfter([stacklet('a', { services: pair })], ['stack-a-db-1'])
    const before = named(box, webOf('a')).id

    const { report } = await reconcileOn(box)

    expect(report?.outcome).toEqual({ kind: 'converged' })
    const told = report?.steps.map(({ id, result, because }) => `${id} ${result}: ${because}`)
    expect(told).toEqual([
      'start a failed: stopped',
      'await-health a skipped: started',
      'replace a done: stuck in a start',
      'await-health a done: started',
    ])
    expect(named(box, webOf('a')).id).toBe(before)
  })

  it('does not hide what else failed, and that is not tried twice', async () => {
    const broken = stacklet('b', { env: { MODE: 'new' }, files: { 'hooks/on_start.sh': 'fail' } })
    const box = await boxAfter([stacklet('a'), broken, stacklet('c', { requires: ['b', 'a'] })], [webOf('a')])

    const { report } = await reconcileOn(box)

    expect(report?.outcome).toMatchObject({ kind: 'failed', error: { code: 'STACK_HOOK_FAILED' } })
    expect(report?.steps.filter(({ stacklet: id, result }) => id === 'b' && result === 'failed')).toHaveLength(1)
    expect(named(box, webOf('a')).life.kind).toBe('running')
  })

  it('that comes back is removed, and is a failure at last', async () => {
    const box = await boxAfter([stacklet('a')], [webOf('a')])
    whenSomethingHappens(box, ({ what }) => {
      const made = box.containers.at(-1)
      if (what === 'create' && made !== undefined) made.isStuck = true
    })

    const { report } = await reconcileOn(box)

    expect(report?.outcome).toMatchObject({ kind: 'failed', error: { code: 'STACK_STUCK' } })
    expect(report?.steps.filter(({ result }) => result !== 'skipped').map(({ id }) => id)).toEqual([
      'start a',
      'replace a',
      'remove-orphan a stack-a-web-1',
      'start a',
    ])
  })
})
