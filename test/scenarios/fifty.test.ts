import { expect, it, onTestFinished } from 'vitest'
import { uniqueName } from '../engine/ports.ts'
import { answeringServer, hangs, says } from './support/answering-server.ts'
import { makeInstance } from './support/instance.ts'
import { commitAndRun } from './support/runs.ts'
import { webStacklet } from './support/stacklets.ts'

/** What status promises, with a margin for a busy machine. */
const promisedMs = 4_000 * 3

it('status of fifty stacklets, three of which do not answer, takes no longer than one that does not', async () => {
  let isHanging = false
  const server = await answeringServer({
    '/well': says(200),
    '/hangs': (asked, answer) => (isHanging ? hangs() : says(200)(asked, answer)),
  })
  onTestFinished(() => server.stop())
  const stem = uniqueName('one')
  const ids = Array.from({ length: 50 }, (_, index) => `${stem}-${String(index).padStart(2, '0')}`)
  const stacklets = ids.map((id, index) =>
    webStacklet({ id, manifest: `[health]\nurl = "${server.url}/${index % 20 === 7 ? 'hangs' : 'well'}"\n` }),
  )
  const desired = `[reconcile]\nconcurrency = 8\n${ids.map((id) => `[stacklets.${id}]\n`).join('')}`
  const host = await makeInstance({ ...Object.assign({}, ...stacklets), 'desired/desired.toml': desired })
  await commitAndRun(host)
  isHanging = true

  const began = performance.now()
  const status = await host.stack('status', '--json')
  const tookMs = performance.now() - began

  const states: { id: string; state: string; health: string }[] = status.json.stacklets
  expect(states.map((one) => one.state)).toEqual(ids.map(() => 'running'))
  expect(states.filter((one) => one.health === 'unhealthy').map((one) => one.id)).toEqual([ids[7], ids[27], ids[47]])
  expect(states.filter((one) => one.health === 'healthy')).toHaveLength(47)
  expect(tookMs).toBeLessThan(promisedMs)
})
