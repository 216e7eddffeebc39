import { expect, it } from 'vitest'
import { reconcile } from '../../reconciler/loop/reconcile.ts'
import type { StackletId } from '../../reconciler/model/names.ts'
import { noWish, type Wish } from '../../reconciler/plan/wish.ts'
import { type Box, commit, emptyBox } from '../support/fake/box.ts'
import { stateOf } from '../support/fake/container.ts'
import { fakeWorld } from '../support/fake-world.ts'
import { host, type StackletIntent, stacklet } from '../support/intent.ts'
import { textsOf } from '../support/texts.ts'

const ids = (...names: readonly string[]) => names as readonly StackletId[]
const quietly = { trigger: 'test', yes: true, isInteractive: false, waitMs: 0, home: '/home/ada' }

function declare(box: Box, ...intents: readonly StackletIntent[]): void {
  commit(box, textsOf(host(intents)))
}

async function run(box: Box, wish: Partial<Wish> = {}) {
  const request = { ...quietly, watch() {}, onWait() {}, wish: { ...noWish, ...wish } }
  return reconcile(fakeWorld(box).world, request, new AbortController().signal)
}

const runningIn = (box: Box) =>
  box.containers.filter((one) => stateOf(one, box.nowMs).state === 'running').map((one) => one.labels['stack.stacklet'])

it('leaves the others alone, and lets nobody believe that all is well', async () => {
  const box = emptyBox()
  declare(box, stacklet('core'), stacklet('photos', { requires: ['core'] }), stacklet('web'))

  const { outcome } = await run(box, { only: ids('photos') })

  expect(outcome.kind).toBe('converged')
  expect(runningIn(box).sort()).toEqual(['core', 'photos'])
  expect(box.lastRun).toMatchObject({ outcome: 'waiting', message: expect.stringContaining('web') })
  expect(box.memory.converged).toEqual(['core', 'photos'])
})

it('is well when there are no others', async () => {
  const box = emptyBox()
  declare(box, stacklet('web'))

  await run(box, { only: ids('web') })

  expect(box.lastRun).toMatchObject({ outcome: 'converged', message: null })
})

it('remembers the others as they were, so that none of them leaves uncounted', async () => {
  const box = emptyBox()
  declare(box, stacklet('a'), stacklet('b'), stacklet('c'))
  await run(box)
  declare(box, stacklet('a', { state: 'absent' }), stacklet('b', { state: 'absent' }), stacklet('c'))

  await run(box, { only: ids('a') })

  expect(box.memory.converged).toEqual(['b', 'c'])
  expect(runningIn(box).sort()).toEqual(['b', 'c'])
})

it('restarts the same containers', async () => {
  const box = emptyBox()
  declare(box, stacklet('core'), stacklet('photos', { requires: ['core'] }))
  await run(box)
  const seen = box.happened.length

  const { outcome } = await run(box, { only: ids('core', 'photos'), restart: ids('core', 'photos') })

  expect(outcome.kind).toBe('converged')
  expect(box.happened.slice(seen).map(({ what, stacklet: id }) => `${what} ${id}`)).toEqual([
    'stop photos',
    'stop core',
    'start core',
    'start photos',
  ])
})

it('purges what a person wants gone for good, and is idle after it', async () => {
  const box = emptyBox()
  declare(box, stacklet('photos', { generate: ['KEY'] }), stacklet('web', { generate: ['KEY'] }))
  await run(box)
  box.data.add('photos')
  declare(box, stacklet('photos', { state: 'absent', generate: ['KEY'] }), stacklet('web', { generate: ['KEY'] }))

  await run(box, { only: ids('photos'), purge: ids('photos') })
  const again = await run(box, { only: ids('photos'), purge: ids('photos') })

  expect(again).toMatchObject({ outcome: { kind: 'converged' }, steps: [] })
  expect([...box.data]).not.toContain('photos')
  expect(box.trash).toEqual([])
  expect([...box.secrets.keys()]).toEqual(['web__KEY'])
})
