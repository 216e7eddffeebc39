import { beforeAll, describe, expect, it } from 'vitest'
import { testEngine } from '../engine/test-engine.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { composeKinds, filesOf } from './support/compose-kinds.ts'
import { allOf } from './support/containers.ts'
import { type Answer, type Instance, makeInstance } from './support/instance.ts'
import { commitAndRun, stepsOf } from './support/runs.ts'

const kinds = composeKinds()
const onEnd = atTheEnd()
let host: Instance
let first: Answer
let before: Awaited<ReturnType<typeof allOf>>

beforeAll(async () => {
  host = await makeInstance(await filesOf(kinds, testEngine().images), { onEnd })
  first = await commitAndRun(host)
  before = await allOf(host)
})

describe('a Compose file with', () => {
  it.each(kinds)('$name runs, and is left alone', ({ id, states }) => {
    const failed = first.json.steps.filter(
      (step: { stacklet: string; result: string }) => step.stacklet === id && step.result !== 'done',
    )
    const seen = Object.entries(before).filter(([name]) => name.includes(id))

    expect(failed).toEqual([])
    expect(seen.map(([, line]) => line.split(' ')[1]).sort()).toEqual(states)
  })

  it('anything of this: status says all is in sync, a second run does nothing', async () => {
    const status = await host.stack('status', '--json')
    const again = await host.stack('reconcile', '--json')

    const off = status.json.stacklets.filter(
      (one: { inSync: boolean; state: string }) => !one.inSync || one.state !== 'running',
    )
    expect(off).toEqual([])
    expect(stepsOf(again)).toEqual([])
    expect(await allOf(host)).toEqual(before)
  })

  it('anything of this: a change of time zone makes no container anew that does not use it', async () => {
    await host.write('stack.toml', `${await host.read('stack.toml')}timezone = "Asia/Tokyo"\n`)

    await commitAndRun(host)

    expect(await allOf(host)).toEqual(before)
  })
})
