import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { run } from '../../reconciler/adapters/process/run.ts'
import { freePort, uniqueName } from '../engine/ports.ts'
import { testEngine } from '../engine/test-engine.ts'
import { allOf, mustSee, runningOf, seen } from './support/containers.ts'
import { type Daemon, startDaemon } from './support/daemon.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { desiredRunning, pairStacklet, webStacklet } from './support/stacklets.ts'
import { until } from './support/until.ts'

const patience = { withinMs: 30_000 }
const page = (port: number): Promise<string> =>
  fetch(`http://127.0.0.1:${port}/`).then(
    (answer) => answer.text(),
    () => 'nobody',
  )

async function runsIn(host: Instance) {
  return (await host.stack('history', '--json')).json.runs
}

/** The instance, and a bare repository on this disk that it follows. */
async function withRemote(host: Instance): Promise<{ readonly push: (message: string) => Promise<string> }> {
  const folder = await mkdtemp(join(tmpdir(), 'stackloop-remote-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const [bare, clone] = [join(folder, 'bare.git'), join(folder, 'clone')]
  await host.git('clone', '--quiet', '--bare', '.', bare)
  await host.git('remote', 'add', 'origin', bare)
  await host.git('clone', '--quiet', bare, clone)
  const there = async (...words: string[]) => {
    const identity = ['-c', 'user.name=other', '-c', 'user.email=other@example.org']
    const ran = await run(['git', '-C', clone, ...identity, ...words], { env: host.env })
    if (ran.exitCode !== 0) throw new Error(ran.stderr)
    return ran.stdout.trim()
  }
  return {
    async push(message) {
      await there('commit', '--quiet', '--allow-empty', '-m', message)
      return pushed(there)
    },
    ...{ clone, there },
  }
}

async function pushed(there: (...words: string[]) => Promise<string>): Promise<string> {
  await there('push', '--quiet')
  return there('rev-parse', 'HEAD')
}

/** A stacklet that serves a page, and how a daemon comes to look after it: that has converged once. */
async function served(): Promise<{ host: Instance; id: string; port: number; daemon: () => Promise<Daemon> }> {
  const id = uniqueName('page')
  const port = await freePort()
  const host = await makeInstance({ ...pairStacklet(id, port), ...desiredRunning(id) })
  await host.commit('page one')
  const daemon = async (): Promise<Daemon> => {
    const started = await startDaemon(host)
    await started.says(({ msg, outcome }) => msg === 'run ended' && outcome === 'converged', 60_000)
    return started
  }
  return { host, id, port, daemon }
}

describe('a push to a bare repository on disk', () => {
  it('is converged by a running daemon, and of ten in a second the last one wins in at most two runs', async () => {
    const { host, id, port, daemon } = await served()
    const remote = (await withRemote(host)) as Awaited<ReturnType<typeof withRemote>> & {
      readonly clone: string
      readonly there: (...words: string[]) => Promise<string>
    }
    await daemon()
    const before = (await runsIn(host)).length

    for (let number = 1; number <= 10; number += 1) {
      await run([
        'sh',
        '-c',
        'printf "%s\\n" "$1" > "$2"',
        'sh',
        `push ${number}`,
        `${remote.clone}/stacklets/${id}/site/index.html`,
      ])
      await remote.there('commit', '--quiet', '-a', '-m', `push ${number}`)
      await remote.there('push', '--quiet')
    }
    const last = await remote.there('rev-parse', 'HEAD')
    await until(async () => ((await page(port)) === 'push 10\n' ? true : null), patience)
    const done = await until(async () => {
      const runs = await runsIn(host)
      return runs[0].endedAt !== null && runs[0].revision === last ? runs : null
    }, patience)

    expect(await host.git('rev-parse', 'HEAD')).toBe(last)
    expect(done[0]).toMatchObject({ outcome: 'converged', state: 'active' })
    const converged = done
      .slice(0, done.length - before)
      .filter((one: { outcome: string }) => one.outcome === 'converged')
    expect(converged.length).toBeLessThanOrEqual(2)
  })
})

describe('a container that dies', () => {
  it('is running again in under two seconds after docker kill', async () => {
    const { host, id, daemon } = await served()
    await daemon()
    const { id: container } = await mustSee(host.docker, `stack-${id}-web`)

    const killedMs = performance.now()
    await host.docker(['kill', container])
    await until(async () => ((await mustSee(host.docker, container)).state === 'running' ? true : null), patience)

    // The promise is two seconds; a machine that tests everything at once gets three times as long.
    expect(performance.now() - killedMs).toBeLessThan(6_000)
  })

  it('and was stopped by hand is a hold, not a fight; starting it again ends that', async () => {
    const { host, id, daemon } = await served()
    const { says } = await daemon()

    await host.docker(['stop', `stack-${id}-web`])
    await says(({ msg, stacklet }) => msg === 'on hold' && stacklet === id)
    const held = await host.stack('status', '--json')
    const reconciled = await host.stack('reconcile', '--json')

    expect(held.json.stacklets[0].hold).toMatchObject({ by: 'hand', why: `stack-${id}-web was stopped by hand` })
    expect(reconciled.json.steps).toEqual([])
    expect(await runningOf(host)).toEqual([`stack-${id}-db`])

    await host.docker(['start', `stack-${id}-web`])
    await until(
      async () => ((await host.stack('status', '--json')).json.stacklets[0].hold === null ? true : null),
      patience,
    )
  })

  it('for ever is flapping after five times', async () => {
    const id = uniqueName('loop')
    const host = await makeInstance({ ...webStacklet({ id, restart: 'no' }), ...desiredRunning(id) })
    await host.commit()
    await host.stack('reconcile')
    const { says, lines } = await startDaemon(host)
    await says(({ msg }) => msg === 'git')

    const killing = new AbortController()
    const killer = (async () => {
      while (!killing.signal.aborted) {
        const container = await seen(host.docker, `stack-${id}`)
        if (container?.state === 'running') await host.docker(['kill', container.id]).catch(() => '')
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    await says(({ code }) => code === 'STACK_FLAPPING', 120_000)
    killing.abort()
    await killer

    const starts = lines().filter(({ msg, step }) => msg === 'step started' && step === `start ${id}`)
    expect(starts).toHaveLength(5)
    const status = await host.stack('status', '--json')
    expect(status.json.stacklets[0].notes.join()).toContain('is flapping')
    expect((await host.stack('why', id)).stdout).toContain(`stack release ${id}`)
  })
})

describe('a commit with a broken image', () => {
  it('is rolled back by the daemon and stays so, and a fix is taken at once', async () => {
    const { images } = testEngine()
    const { host, id, port, daemon } = await served()
    const { says } = await daemon()
    const path = `stacklets/${id}/docker-compose.yml`
    const good = await host.read(path)
    await host.write(path, good.replace(`image: ${images.web}`, `image: ${images.exits}`))
    const bad = await host.commit('broken')

    await says(({ code }) => code === 'STACK_QUARANTINED')
    await until(async () => ((await page(port)) === 'page one\n' ? true : null), patience)
    const before = await allOf(host)
    await host.docker(['kill', `stack-${id}-db`])
    await until(
      async () => ((await mustSee(host.docker, `stack-${id}-db`)).state === 'running' ? true : null),
      patience,
    )
    const after = await allOf(host)
    expect(after[`stack-${id}-web`]).toBe(before[`stack-${id}-web`])
    // The newest first: of those for this commit, the one that found it broken is the oldest.
    expect((await runsIn(host)).findLast((one: { revision: string }) => one.revision === bad)).toMatchObject({
      state: 'failed',
    })

    await host.write(path, good)
    await host.write(`stacklets/${id}/site/index.html`, 'page two\n')
    await host.commit('mended')
    await until(async () => ((await page(port)) === 'page two\n' ? true : null), patience)
  })
})

describe('a commit that empties desired.toml', () => {
  it('stops nothing: status and plan say what is held and how to approve it', async () => {
    const { host, id, daemon } = await served()
    const { says } = await daemon()
    const before = await allOf(host)
    await host.write('desired/desired.toml', '')
    await host.commit('emptied')

    await says(({ outcome }) => outcome === 'held')
    const status = await host.stack('status')
    const plan = await host.stack('plan')

    expect(await allOf(host)).toEqual(before)
    expect(status.stdout).toMatch(/consent|held/)
    expect(plan.stdout).toMatch(/is held, because desired.toml is missing or lists nothing/)
    expect(plan.stdout).toMatch(/Stack-Approve: [0-9a-f]+/)
    expect(await runningOf(host)).toContain(`stack-${id}-web`)
  })
})

describe('two daemons on one instance', () => {
  it('are one: the other says who works here, and leaves', async () => {
    const { host, daemon } = await served()
    const first = await daemon()

    const second = await host.stack('daemon')

    expect(second.code).toBe(1)
    expect(second.stderr).toContain(`held by pid ${first.pid} (stack daemon)`)
  })

  it('that is told to stop exits 0 and leaves nothing half done', async () => {
    const { host, port } = await served()
    const { says, stop } = await startDaemon(host)
    await says(({ msg }) => msg === 'step started')

    const toldMs = performance.now()
    const code = await stop('SIGTERM')

    expect(code).toBe(0)
    expect(performance.now() - toldMs).toBeLessThan(30_000)
    expect((await host.stack('reconcile')).code).toBe(0)
    await until(async () => ((await page(port)) === 'page one\n' ? true : null), patience)
  })
})
