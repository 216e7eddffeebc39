import { describe, expect, it } from 'vitest'
import { uniqueName } from '../engine/ports.ts'
import type { Fault } from '../engine/proxy-faults.ts'
import { type EngineCall, type RecordingProxy, startRecordingProxy } from '../engine/recording-proxy.ts'
import { testEngine } from '../engine/test-engine.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { runningOf } from './support/containers.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { runOnce } from './support/runs.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

const onEnd = atTheEnd()

/** Three times what one run may take here: the engine has 30 s to answer a question, and a stacklet 10 s to become well. */
const deadlineMs = 120_000
const patience = 300_000

interface Trouble {
  readonly method: string
  readonly path: RegExp
  readonly fault: Fault
}

const refused = (status: number): Fault => ({ kind: 'refuses', status, message: 'not now' })
const list = /^\/containers\/json/
const inspect = /^\/containers\/[0-9a-f]{64}\/json/
const create = /^\/containers\/create/
const start = /^\/containers\/[^/]+\/start/

const troubles: readonly (readonly [string, Trouble])[] = [
  ['500 to a list', { method: 'GET', path: list, fault: refused(500) }],
  ['500 to a creation', { method: 'POST', path: create, fault: refused(500) }],
  ['500 to a start', { method: 'POST', path: start, fault: refused(500) }],
  ['409 to a creation', { method: 'POST', path: create, fault: refused(409) }],
  ['404 to a start', { method: 'POST', path: start, fault: refused(404) }],
  [
    'an answer that never comes to the question for the version',
    { method: 'GET', path: /^\/version/, fault: { kind: 'falls-silent' } },
  ],
  ['a connection that breaks after a creation', { method: 'POST', path: create, fault: { kind: 'breaks-off' } }],
  ['a connection that breaks after a start', { method: 'POST', path: start, fault: { kind: 'breaks-off' } }],
  ['a list that takes 25 s', { method: 'GET', path: list, fault: { kind: 'is-slow', ms: 25_000 } }],
  ['a list that takes 45 s', { method: 'GET', path: list, fault: { kind: 'is-slow', ms: 45_000 } }],
  ['half of a list', { method: 'GET', path: list, fault: { kind: 'tears' } }],
  ['half of what a container is', { method: 'GET', path: inspect, fault: { kind: 'tears' } }],
]

describe('an engine that answers badly, once', () => {
  it.concurrent.each(troubles)(
    '%s: the run heals or fails in time, and the next one converges',
    { timeout: patience },
    async (_, trouble) => {
      const { host, id } = await newHost()
      const proxy = await startRecordingProxy(testEngine().dockerHost)
      once(proxy, trouble)

      const { code, ms, json } = await timedRun(host, proxy)
      await proxy.stop()

      expect(ms).toBeLessThan(deadlineMs)
      expect([json.outcome, code]).toEqual(json.outcome === 'converged' ? ['converged', 0] : ['failed', 1])
      await runOnce(host)
      expect(await runningOf(host)).toEqual([`stack-${id}`])
    },
  )

  it.concurrent('a list from before the container died: it is seen at the next look, and started once', {
    timeout: patience,
  }, async () => {
    const { host, id } = await newHost()
    await runOnce(host)
    const proxy = await startRecordingProxy(testEngine().dockerHost)
    const before = await fetchList()
    await host.docker(['rm', '--force', `stack-${id}`])
    once(proxy, { method: 'GET', path: list, fault: { kind: 'is-stale', body: before } })

    await timedRun(host, proxy)
    await proxy.stop()

    await runOnce(host)
    expect(await runningOf(host)).toEqual([`stack-${id}`])
  })
})

function once(proxy: RecordingProxy, { method, path, fault }: Trouble): void {
  let isOver = false
  proxy.troubling((call: EngineCall) => {
    if (isOver || call.method !== method || !path.test(call.path)) return null
    isOver = true
    return fault
  })
}

async function timedRun(host: Instance, proxy: RecordingProxy) {
  const began = performance.now()
  const run = await host.stackWith({ DOCKER_HOST: proxy.dockerHost }, 'reconcile', '--json')
  return { code: run.code, json: run.json, ms: performance.now() - began }
}

/** Declared, and nothing of it is there: what fails now is neither rolled back nor given up. */
async function newHost(): Promise<{ readonly host: Instance; readonly id: string }> {
  const id = uniqueName('web')
  const files = { ...webStacklet({ id, manifest: '\n[health]\ntimeout = "10s"\n' }), ...desiredRunning(id) }
  const host = await makeInstance(files, { onEnd })
  await host.commit('first')
  return { host, id }
}

/** The list of all containers as the engine gives it. */
async function fetchList(): Promise<string> {
  const { request } = await import('node:http')
  const { pathname } = new URL(testEngine().dockerHost)
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: pathname, path: '/containers/json?all=1' }, (answer) => {
      let text = ''
      answer
        .setEncoding('utf8')
        .on('data', (chunk: string) => (text += chunk))
        .on('end', () => resolve(text))
    })
    asked.on('error', reject).end()
  })
}
