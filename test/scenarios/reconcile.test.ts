import { expect, it } from 'vitest'
import { freePort, uniqueName } from '../engine/ports.ts'
import { makeInstance } from './support/instance.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

it('a commit becomes a running container, and then there is nothing to do', async () => {
  const id = uniqueName('web')
  const port = await freePort()
  const host = await makeInstance({ ...webStacklet({ id, port }), ...desiredRunning(id) })
  await host.commit('first')

  const before = await host.stack('plan')
  const run = await host.stack('reconcile')
  const after = await host.stack('plan')
  const again = await host.stack('reconcile', '--json')

  expect(before).toMatchObject({ code: 2 })
  expect(before.stdout).toContain('never started')
  expect(run, run.stderr).toMatchObject({ code: 0 })
  expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('web 1\n')
  expect(after, after.stdout).toMatchObject({ code: 0 })
  expect(again.json).toMatchObject({ outcome: 'converged', rounds: 0, steps: [] })
})
