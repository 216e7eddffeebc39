import { expect, it } from 'vitest'
import { type Box, commit, emptyBox } from '../support/fake/box.ts'
import type { FakeContainer } from '../support/fake/container.ts'
import { stop } from '../support/fake/containers.ts'
import { host, stacklet } from '../support/intent.ts'
import { reconcileOn } from '../support/run.ts'
import { textsOf } from '../support/texts.ts'

async function boxWhere(died: readonly string[]): Promise<Box> {
  const box = emptyBox()
  commit(box, textsOf(host([stacklet('a', { services: { web: {}, db: {} } })])))
  await reconcileOn(box)
  for (const name of died) stop(box, named(box, name), 137)
  return box
}

function named(box: Box, name: string): FakeContainer {
  const found = box.containers.find((one) => one.name === name)
  if (found === undefined) throw new Error(`there is no container ${name}`)
  return found
}

async function healed(box: Box) {
  const { report, calls } = await reconcileOn(box)
  return {
    outcome: report?.outcome,
    steps: report?.steps.map(({ id }) => id),
    calls: calls.made.map(({ name }) => name),
  }
}

const [web, db] = ['stack-a-web-1', 'stack-a-db-1']
const steps = ['start a', 'await-health a']

it('starts what has merely exited without Compose, and remembers the same of it', async () => {
  const box = await boxWhere([web])

  const { calls, ...told } = await healed(box)

  expect(told).toEqual({ outcome: { kind: 'converged' }, steps })
  expect(calls.filter((name) => name.startsWith('compose.'))).toEqual([])
  expect(calls).toContain('engine.act')
  expect((await healed(box)).steps).toEqual([])
})

it('asks Compose where two have exited: one may need the other', async () => {
  const { calls, ...told } = await healed(await boxWhere([web, db]))

  expect(told).toEqual({ outcome: { kind: 'converged' }, steps })
  expect(calls).toContain('compose.up')
})

it('asks Compose where the engine refuses', async () => {
  const box = await boxWhere([web])
  const { port } = Object.assign(named(box, web), { port: 8080 })
  Object.assign(named(box, db), { port })

  const { calls, outcome } = await healed(box)

  expect(calls.filter((name) => name === 'engine.act' || name === 'compose.up')).toEqual(['engine.act', 'compose.up'])
  expect(outcome).toMatchObject({ kind: 'failed' })
})
