import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { freePort, uniqueName } from '../engine/ports.ts'
import { testEngine } from '../engine/test-engine.ts'
import { allOf, mustSee, runningOf, seen } from './support/containers.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { commitAndRun, runOnce } from './support/runs.ts'
import { desiredRunning, pairStacklet, webStacklet } from './support/stacklets.ts'
import { processesWith, start, until } from './support/started.ts'

describe('two runs on one host', () => {
  it('one waits for the other, says for whom, and finds nothing left to do', async () => {
    const { host, id } = await slowHost()
    const first = start(host, 'reconcile')
    await until('the first run to begin', () => first.said().includes(`await-health ${id}`))

    const second = start(host, 'reconcile')
    await until('the second to wait', () => second.said().includes('waiting'))

    expect(second.said()).toContain(`pid ${first.pid}`)
    expect(await Promise.all([first.ended, second.ended])).toEqual([0, 0])
    expect(second.said()).toContain('Nothing to do')
    expect(await journalOf(host)).toMatchObject({ 'run-started': 1, 'run-ended': 1 })
  })

  it('ten at once do the work once', async () => {
    const id = uniqueName('web')
    const host = await makeInstance({ ...webStacklet({ id }), ...desiredRunning(id) })
    await host.commit('first')

    const runs = Array.from({ length: 10 }, () => start(host, 'reconcile'))

    expect(await Promise.all(runs.map((run) => run.ended))).toEqual(runs.map(() => 0))
    expect(await journalOf(host)).toMatchObject({ 'run-started': 1, 'run-ended': 1 })
    expect(await runningOf(host)).toEqual([`stack-${id}`])
  })

  it('what only reads does not wait', async () => {
    const { host, id } = await slowHost('')
    const run = start(host, 'reconcile')
    await until('the run to begin', () => run.said().includes(`await-health ${id}`))

    const answers = await Promise.all([host.stack('status'), host.stack('plan'), host.stack('validate')])

    expect(answers.map(({ code }) => code)).toEqual([0, 2, 0])
    await host.docker(['exec', `stack-${id}`, 'touch', '/ready'])
    expect(await run.ended).toBe(0)
  })
})

describe('a run that is ended', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('by %s exits %i, leaves no child, frees the lock, and the next run ends it all', async (signal, code) => {
    const { host, id } = await slowHost()
    const run = start(host, 'reconcile')
    await until('the wait for health', () => run.said().includes(`await-health ${id} …`))
    run.kill(signal)

    expect(await run.ended).toBe(code)
    expect(run.said()).not.toMatch(/^ {4}at /m)
    expect(await processesWith(host.folder)).toEqual([])
    await runOnce(host)
    expect(await runningOf(host)).toEqual([`stack-${id}`])
  })

  it.each(['write-env', 'start', 'await-health'])(
    'by SIGKILL in %s: the next run ends where an undisturbed one does',
    async (step) => {
      const { host, id, expected } = await hostToKill()
      const run = start(host, 'reconcile')
      await until(step, () => run.said().includes(`${step} ${id} …`))
      await sleep(step === 'start' ? 150 : 0)
      run.kill('SIGKILL')
      expect(await run.ended).toBe('SIGKILL')

      await runOnce(host)

      expect(await runningOf(host)).toEqual(expected)
      expect(Object.keys(await allOf(host)).sort()).toEqual(expected)
    },
  )

  it('by SIGKILL while Compose waits: that Compose is ended before another one begins', async () => {
    const { host, id } = await waitingHost()
    const composes = async () => (await processesWith(host.folder)).filter((line) => line.includes(' up '))
    const run = start(host, 'reconcile')
    await until('Compose to start the containers', async () => (await seen(host.docker, `stack-${id}-db`)) !== null)
    run.kill('SIGKILL')
    await run.ended
    expect(await composes()).toHaveLength(1)

    const next = start(host, 'reconcile')
    await until('the next run', () => next.said().includes(`start ${id} …`))
    await sleep(500)

    expect((await composes()).length).toBeLessThan(2)
    expect(await next.ended).toBe(0)
    expect(await runningOf(host)).toEqual([`stack-${id}`, `stack-${id}-db`])
  })

  it('by SIGKILL while containers are made anew leaves no container under an odd name', async () => {
    const id = uniqueName('pair')
    const host = await makeInstance({
      ...pairStacklet(id, await freePort()),
      ...desiredRunning(id),
    })
    await commitAndRun(host)
    const path = `stacklets/${id}/docker-compose.yml`
    await host.write(path, (await host.read(path)).replaceAll('ROLE: ', 'ROLE: new-'))
    await host.commit('change')
    const run = start(host, 'reconcile')
    await until('the replacing', async () => (await seen(host.docker, `stack-${id}-web`))?.env['ROLE'] !== 'web')
    run.kill('SIGKILL')
    await run.ended

    await runOnce(host)

    expect(Object.keys(await allOf(host)).sort()).toEqual([`stack-${id}-db`, `stack-${id}-web`])
    expect((await mustSee(host.docker, `stack-${id}-web`)).env['ROLE']).toBe('new-web')
    expect((await mustSee(host.docker, `stack-${id}-db`)).env['ROLE']).toBe('new-db')
  })
})

/** One stacklet that takes two seconds until it is healthy, or with nothing to do first until somebody makes `/ready`. */
async function slowHost(first = 'sleep 2; touch /ready; '): Promise<{ host: Instance; id: string }> {
  const id = uniqueName('slow')
  const service = `    command: ["sh", "-c", "${first}sleep 1000"]
    healthcheck: { test: ["CMD", "test", "-e", "/ready"], interval: 100ms, retries: 600 }
    stop_grace_period: 0s
`
  const host = await makeInstance({
    ...webStacklet({ id, image: testEngine().images.busybox, service }),
    ...desiredRunning(id),
  })
  await host.commit('first')
  return { host, id }
}

/** One stacklet whose second service takes five seconds until it is healthy, while Compose waits with the first. */
async function waitingHost(): Promise<{ host: Instance; id: string }> {
  const id = uniqueName('waits')
  const service = `    depends_on: { db: { condition: service_healthy } }
  db:
    container_name: stack-${id}-db
    image: ${testEngine().images.busybox}
    command: ["sh", "-c", "sleep 5; touch /ready; sleep 1000"]
    healthcheck: { test: ["CMD", "test", "-e", "/ready"], interval: 100ms, retries: 100 }
    stop_grace_period: 0s
`
  const host = await makeInstance({ ...webStacklet({ id, service }), ...desiredRunning(id) })
  await host.commit('first')
  return { host, id }
}

async function hostToKill(): Promise<{ host: Instance; id: string; expected: readonly string[] }> {
  const { host, id } = await slowHost()
  const other = uniqueName('other')
  const manifest = '\n[env]\ngenerate = ["KEY"]\n'
  for (const [path, text] of Object.entries(webStacklet({ id: other, requires: [id], manifest })))
    await host.write(path, text)
  await host.write('desired/desired.toml', `[stacklets.${id}]\n[stacklets.${other}]\n`)
  await host.commit('two')
  return { host, id, expected: [`stack-${id}`, `stack-${other}`].sort() }
}

/** How many events of each kind the journal has. */
async function journalOf(host: Instance): Promise<Record<string, number>> {
  const month = new Date().toISOString().slice(0, 7)
  const lines = (await host.read(`.stack/journal/${month}.jsonl`)).trim().split('\n')
  const counts: Record<string, number> = {}
  for (const line of lines) {
    const { kind } = JSON.parse(line) as { kind: string }
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}
