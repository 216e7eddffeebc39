import { describe, expect, it } from 'vitest'
import { uniqueName } from '../engine/ports.ts'
import { testEngine } from '../engine/test-engine.ts'
import { allOf, mustSee, runningOf, seen } from './support/containers.ts'
import { type Answer, makeInstance } from './support/instance.ts'
import { commitAndRun, runOnce } from './support/runs.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

/** Long before a health check's own time is up: what cannot become well is not waited for. */
const atOnceMs = 30_000

describe('a container that cannot become well fails its stacklet at once, with its last lines', () => {
  const { exits, unhealthy, busybox } = testEngine().images
  const shell = (words: string) => `    command: ["sh", "-c", ${JSON.stringify(words)}]\n`
  const rows = [
    ['exits with 1', { image: exits, restart: 'no' }, /stack-ID exited with 1/, 'giving up'],
    ['restarts in a loop', { image: exits }, /stack-ID restarts in a loop(, exit code 1)?$/, 'giving up'],
    [
      'exits with 0 though it serves',
      { image: busybox, service: `${shell('echo bye')}    ports: ["80"]\n`, restart: 'no' },
      /stack-ID exited with 0/,
      'bye',
    ],
    ['is unhealthy', { image: unhealthy }, /stack-ID fails its health check/, ''],
    ['cannot be started', { image: busybox, service: '    command: ["/no-such-program"]\n' }, /no-such-program/, ''],
  ] as const

  it.each(rows)('%s', async (_, parts, message, lastLine) => {
    const id = uniqueName('sick')
    const host = await makeInstance({ ...webStacklet({ id, ...parts }), ...desiredRunning(id) })
    const began = performance.now()
    const run = await commitAndRun(host, 1)

    expect(performance.now() - began).toBeLessThan(atOnceMs)
    expect(run.json).toMatchObject({
      outcome: 'failed',
      error: { message: expect.stringMatching(withId(message, id)) },
    })
    expect(outputOf(run)).toContain(lastLine)
    expect(run.stderr).toContain(lastLine)
    expect((await host.stack('status', '--json')).json.condition).toMatchObject({ ready: false, reason: 'Failed' })
    expect((await host.stack('plan')).code).toBe(2)
  })

  it('an image that is not there: named, with the words of the registry, and nothing was touched', async () => {
    const id = uniqueName('web')
    const host = await makeInstance({ ...webStacklet({ id }), ...desiredRunning(id) })
    await commitAndRun(host)
    const before = await allOf(host)
    const image = `${testEngine().registry}/no-such-image:1`
    for (const [path, text] of Object.entries(webStacklet({ id, image }))) await host.write(path, text)

    const run = await commitAndRun(host, 1)

    expect(run.json.error).toMatchObject({
      code: 'STACK_COMPOSE_FAILED',
      message: expect.stringContaining(`the registry has no image ${image}`),
      hint: expect.stringContaining(`image: in stacklets/${id}/docker-compose.yml`),
    })
    expect(run.stderr).toMatch(/not found|unknown/)
    expect(run.json.steps.map((step: { result: string }) => step.result)).not.toContain('done')
    expect(await allOf(host)).toEqual(before)
  })
})

it('one stacklet fails, what requires it is skipped and says why, the others go on, and mending it ends it all', async () => {
  const [bad, needs, needsToo, fine] = ['bad', 'needs', 'needs-too', 'fine'].map((stem) => uniqueName(stem)) as [
    string,
    string,
    string,
    string,
  ]
  const host = await makeInstance({
    ...webStacklet({ id: bad, image: testEngine().images.exits, restart: 'no' }),
    ...webStacklet({ id: needs, requires: [bad] }),
    ...webStacklet({ id: needsToo, requires: [needs] }),
    ...webStacklet({ id: fine }),
    ...desiredRunning(bad, needs, needsToo, fine),
  })

  const run = await commitAndRun(host, 1)
  const results = resultsOf(run)
  expect(results[`await-health ${bad}`]).toBe('failed')
  expect([results[`start ${needs}`], results[`start ${needsToo}`]]).toEqual(['skipped', 'skipped'])
  expect(run.json.steps.find((step: { id: string }) => step.id === `start ${needsToo}`).waitedFor).toBe(
    `await-health ${bad}`,
  )
  expect(run.stderr).toContain(`start ${needs} skipped: waits for await-health ${bad}`)
  expect(results[`start ${fine}`]).toBe('done')
  expect(await runningOf(host)).toEqual([`stack-${fine}`])
  expect(await seen(host.docker, `stack-${needs}`)).toBeNull()

  for (const [path, text] of Object.entries(webStacklet({ id: bad }))) await host.write(path, text)
  await commitAndRun(host)
  expect(await runningOf(host)).toEqual([bad, fine, needs, needsToo].map((id) => `stack-${id}`).sort())
})

it('a requirement is healthy before what requires it starts, and what needs nobody does not wait', async () => {
  const [slow, needs, free] = [uniqueName('slow'), uniqueName('needs'), uniqueName('free')]
  const check = '    healthcheck: { test: ["CMD", "test", "-e", "/ready"], interval: 100ms, retries: 50 }\n'
  const command = '    command: ["sh", "-c", "sleep 2; touch /ready; sleep 1000"]\n    init: true\n'
  const host = await makeInstance({
    ...webStacklet({ id: slow, image: testEngine().images.busybox, service: check + command }),
    ...webStacklet({ id: needs, requires: [slow] }),
    ...webStacklet({ id: free }),
    ...desiredRunning(slow, needs, free),
  })

  await commitAndRun(host)

  const started = async (id: string) => Date.parse((await mustSee(host.docker, `stack-${id}`)).startedAt)
  expect((await started(needs)) - (await started(slow))).toBeGreaterThan(2_000)
  expect((await started(free)) - (await started(slow))).toBeLessThan(2_000)
})

it('a job that exited with 0 did its work: it is no failure and is not done again', async () => {
  const id = uniqueName('job')
  const service = `  job-${id}:\n    image: ${testEngine().images.busybox}\n    command: ["true"]\n    networks: [stack]\n`
  const host = await makeInstance({ ...webStacklet({ id, service }), ...desiredRunning(id) })

  await commitAndRun(host)
  const before = await allOf(host)
  await runOnce(host)

  expect(
    Object.values(before)
      .map((line) => line.split(' ')[1])
      .sort(),
  ).toEqual(['exited', 'running'])
  expect(await allOf(host)).toEqual(before)
  const status = (await host.stack('status', id, '--json')).json.stacklets[0]
  expect(status).toMatchObject({ state: 'running', health: 'none', inSync: true, drift: [] })
})

it('a broken Compose file stalls its stacklet and what requires it; the others go on', async () => {
  const [bad, needs, fine] = [uniqueName('bad'), uniqueName('needs'), uniqueName('fine')]
  const host = await makeInstance({
    ...webStacklet({ id: bad, service: '    imaeg: busybox\n' }),
    ...webStacklet({ id: needs, requires: [bad] }),
    ...webStacklet({ id: fine }),
    ...desiredRunning(bad, needs, fine),
  })

  const run = await commitAndRun(host, 1)

  expect(run.json.outcome).toBe('stalled')
  expect(run.json.notes.map((note: { stacklet: string }) => note.stacklet).sort()).toEqual([bad, needs].sort())
  expect(await runningOf(host)).toEqual([`stack-${fine}`])
})

function withId(message: RegExp, id: string): RegExp {
  return new RegExp(message.source.replace('ID', id))
}

function resultsOf(run: Answer): Record<string, string> {
  return Object.fromEntries(run.json.steps.map((step: { id: string; result: string }) => [step.id, step.result]))
}

function outputOf(run: Answer): string {
  const failed: { error: { output: string[] } | null }[] = run.json.steps
  return failed.flatMap((step) => step.error?.output ?? []).join('\n')
}
