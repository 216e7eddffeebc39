import { describe, expect, it } from 'vitest'
import { freePort, uniqueName } from '../engine/ports.ts'
import { testEngine } from '../engine/test-engine.ts'
import { allOf, mustSee, runningOf } from './support/containers.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { desiredRunning, pairStacklet, webStacklet } from './support/stacklets.ts'

const page = async (port: number): Promise<string> => (await fetch(`http://127.0.0.1:${port}/`)).text()

/** A stacklet that serves a page, converged. */
async function servingPage(): Promise<{ host: Instance; id: string; port: number; good: string }> {
  const id = uniqueName('page')
  const port = await freePort()
  const host = await makeInstance({ ...pairStacklet(id, port), ...desiredRunning(id) })
  const good = await host.commit('the good one')
  expect((await host.stack('reconcile')).code).toBe(0)
  return { host, id, port, good }
}

async function broken(host: Instance, id: string): Promise<string> {
  const { images } = testEngine()
  const path = `stacklets/${id}/docker-compose.yml`
  const text = await host.read(path)
  await host.write(path, text.replace(`image: ${images.web}`, `image: ${images.exits}`))
  await host.write(`stacklets/${id}/site/index.html`, 'page two\n')
  return host.commit('a broken image')
}

describe('a commit with a broken image', () => {
  it('is rolled back and healthy on the old one, mounted files included; exit, history and why say so', async () => {
    const { host, id, port, good } = await servingPage()
    const bad = await broken(host, id)

    const run = await host.stack('reconcile', '--json')

    expect(run.code).toBe(1)
    expect(run.json).toMatchObject({ outcome: 'stalled', error: { code: 'STACK_QUARANTINED' } })
    expect(await page(port)).toBe('page one\n')
    expect((await mustSee(host.docker, `stack-${id}-web`)).state).toBe('running')
    const history = (await host.stack('history', '--json')).json
    expect(history.runs.map((one: { state: string; revision: string }) => [one.state, one.revision])).toEqual([
      ['failed', bad],
      ['active', good],
    ])
    const why = await host.stack('why', id)
    expect(why.stdout).toContain(`${id} runs its last good version: ${bad.slice(0, 7)} was not well`)
    expect(why.stdout).toContain('giving up')
    expect((await host.stack('plan')).code).toBe(0)
  })

  it('is left alone by further runs, and a fix is applied at once', async () => {
    const { host, id, port } = await servingPage()
    await broken(host, id)
    await host.stack('reconcile')
    const before = await allOf(host)

    for (let run = 0; run < 5; run += 1) {
      const again = await host.stack('reconcile', '--json')
      expect([again.code, again.json.outcome, again.json.steps]).toEqual([1, 'stalled', []])
    }
    expect(await allOf(host)).toEqual(before)

    const path = `stacklets/${id}/docker-compose.yml`
    const { images } = testEngine()
    await host.write(path, (await host.read(path)).replace(images.exits, images.web))
    await host.commit('mended')
    const fixed = await host.stack('reconcile', '--json')

    expect([fixed.code, fixed.json.outcome]).toEqual([0, 'converged'])
    expect(await page(port)).toBe('page two\n')
  })

  it('is tried again when it is released', async () => {
    const { host, id } = await servingPage()
    await broken(host, id)
    await host.stack('reconcile')

    const released = await host.stack('release', id, '--json')

    expect(released.code).toBe(1)
    const tried = released.json.steps.map((one: { id: string; result: string }) => `${one.id}: ${one.result}`)
    expect(tried).toContain(`replace ${id}: done`)
    expect(tried).toContain(`await-health ${id}: failed`)
    expect((await mustSee(host.docker, `stack-${id}-web`)).state).toBe('running')
  })
})

describe('a build that breaks', () => {
  it('goes back to the image that ran before, though its tag means another one', async () => {
    const { images } = testEngine()
    const id = uniqueName('built')
    const port = await freePort()
    const dockerfile = (command: string) => `FROM ${images.web}\nRUN echo built > /www/index.html\nCMD ${command}\n`
    const host = await makeInstance({
      [`stacklets/${id}/stacklet.toml`]: `id = "${id}"\nbuild = true\n`,
      [`stacklets/${id}/Dockerfile`]: dockerfile('["httpd", "-f", "-p", "80", "-h", "/www"]'),
      [`stacklets/${id}/docker-compose.yml`]: `services:\n  web:\n    build: .\n    ports: ["127.0.0.1:${port}:80"]\n`,
      ...desiredRunning(id),
    })
    await host.commit()
    expect((await host.stack('reconcile')).code).toBe(0)
    await host.write(`stacklets/${id}/Dockerfile`, dockerfile('["false"]'))
    await host.commit('broken')

    const run = await host.stack('reconcile', '--json')

    expect(run.json).toMatchObject({ outcome: 'stalled', error: { code: 'STACK_QUARANTINED' } })
    expect(await page(port)).toBe('built\n')
    expect((await host.stack('reconcile', '--json')).json.steps).toEqual([])
  })
})

describe('stack rollback', () => {
  it('declares again what was before, as a new commit, and converges', async () => {
    const { host, id, port, good } = await servingPage()
    await host.write(`stacklets/${id}/site/index.html`, 'page two\n')
    await host.commit('page two')
    await host.stack('reconcile')
    expect(await page(port)).toBe('page two\n')

    const back = await host.stack('rollback')

    expect(back.code).toBe(0)
    expect(back.stderr).toContain(`Declared again as it was in ${good.slice(0, 7)}`)
    expect(await page(port)).toBe('page one\n')
    expect(await host.git('log', '--format=%s')).toBe(
      [`stack rollback: back to ${good.slice(0, 7)}`, 'page two', 'the good one'].join('\n'),
    )
    expect(await host.git('status', '--porcelain')).toBe('')
    expect((await host.stack('reconcile', '--json')).json.steps).toEqual([])
  })

  it('of one stacklet leaves the others as they are', async () => {
    const [one, other] = [uniqueName('one'), uniqueName('other')]
    const files = { ...webStacklet({ id: one }), ...webStacklet({ id: other }), ...desiredRunning(one, other) }
    const host = await makeInstance(files)
    const good = await host.commit()
    await host.stack('reconcile')
    const desired = [one, other].map((id) => `[stacklets.${id}.env]\nMODE = "new"\n`).join('')
    await host.write('desired/desired.toml', `# mine\n${desired}`)
    await host.commit('new modes')
    await host.stack('reconcile')

    const back = await host.stack('rollback', good, '--only', one, '--json')

    expect(back.json).toMatchObject({ outcome: 'converged' })
    expect((await mustSee(host.docker, `stack-${one}`)).env['MODE']).toBeUndefined()
    expect((await mustSee(host.docker, `stack-${other}`)).env['MODE']).toBe('new')
    expect(await host.read('desired/desired.toml')).toMatch(/^# mine\n/)
  })

  it('overwrites no edit that is not committed, and changes nothing then', async () => {
    const { host, id, good } = await servingPage()
    await host.write(`stacklets/${id}/site/index.html`, 'page two\n')
    const head = await host.commit('page two')
    await host.write(`stacklets/${id}/site/index.html`, 'being written\n')

    const back = await host.stack('rollback', good, '--json')

    expect([back.code, back.json.error.code]).toEqual([1, 'STACK_NOT_COMMITTED'])
    expect(back.json.error.message).toContain(`stacklets/${id}/site/index.html`)
    expect(await host.git('rev-parse', 'HEAD')).toBe(head)
    expect(await host.read(`stacklets/${id}/site/index.html`)).toBe('being written\n')
  })
})

describe('stack hold', () => {
  it('leaves a stacklet as it is until it is released', async () => {
    const { host, id } = await servingPage()
    const held = await host.stack('hold', id, '--for', '2h', '--why', 'moving house')
    await host.docker(['stop', '--time', '0', `stack-${id}-web`])

    const run = await host.stack('reconcile', '--json')
    const status = await host.stack('status', '--json')

    expect(held.code).toBe(0)
    expect([run.code, run.json.steps]).toEqual([0, []])
    expect(status.json.stacklets[0]).toMatchObject({ inSync: false, hold: { by: 'asked', why: 'moving house' } })
    expect(await runningOf(host)).toEqual([`stack-${id}-db`])

    const released = await host.stack('release', id)

    expect(released.code).toBe(0)
    expect(await runningOf(host)).toEqual([`stack-${id}-db`, `stack-${id}-web`])
  })
})

describe('stack approve', () => {
  it('releases what an emptied file would remove, once', async () => {
    const id = uniqueName('gone')
    const host = await makeInstance({ ...webStacklet({ id }), ...desiredRunning(id) })
    await host.commit()
    await host.stack('reconcile')
    await host.write('desired/desired.toml', '')
    await host.commit('emptied')
    const held = await host.stack('reconcile', '--json')
    expect([held.code, held.json.outcome]).toEqual([2, 'held'])
    expect(await runningOf(host)).toEqual([`stack-${id}`])

    const shown = await host.stack('approve', '--json')
    const digest: string = shown.json.held[0].digest
    const wrong = await host.stack('approve', '0000', '--json')
    const approved = await host.stack('approve', digest, '--json')

    expect([shown.code, wrong.json.error.code]).toEqual([2, 'STACK_REFUSED'])
    expect([approved.code, approved.json.outcome]).toEqual([0, 'converged'])
    expect(await runningOf(host)).toEqual([])
  })
})
