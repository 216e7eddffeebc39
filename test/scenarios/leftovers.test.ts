import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type EngineApart, furnishedEngine } from '../engine/engine-apart.ts'
import { docker20, docker26 } from '../engine/engine-versions.ts'
import type { TestImages } from '../engine/images.ts'
import { uniqueName } from '../engine/ports.ts'
import { makeTwin, moveTo, networksCalled } from './fixtures/twin-network.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { allOf, mustSee } from './support/containers.ts'
import { type Instance, makeInstance, removeInstance } from './support/instance.ts'
import { commitAndRun, runOnce, stepsOf } from './support/runs.ts'
import { desiredRunning } from './support/stacklets.ts'

const onEnd = atTheEnd()
let engine: EngineApart
let images: TestImages

/** Docker 20.10 makes networks of one name, and loses the tasks of containers when it dies. */
beforeAll(async () => {
  ;[engine, images] = await furnishedEngine(docker20, onEnd)
})

describe('a network of a project that is there twice', () => {
  it('with nobody on the second: that one goes, by its id, and what was down starts', async () => {
    const { host, id, own } = await trio()
    const before = await allOf(host)
    const [first] = await networksCalled(engine, own)
    await makeTwin(engine, own)
    await host.docker(['rm', '--force', `stack-${id}-b`])
    const withoutUs = await host.docker(['run', '--rm', '--network', own, images.busybox, 'true']).catch(String)

    const run = await runOnce(host)

    expect(withoutUs).toContain(`network ${own} is ambiguous`)
    expect(stepsOf(run)).toEqual([`merge-networks ${id} ${own}`, `start ${id}`, `await-health ${id}`])
    expect(await networksCalled(engine, own)).toEqual([first])
    const after = await allOf(host)
    for (const one of ['a', 'c']) expect(after[`stack-${id}-${one}`]).toBe(before[`stack-${id}-${one}`])
  })

  it('with containers on both: the one with more of them stays, and nobody is restarted', async () => {
    const { host, id, own } = await trio()
    const [first = ''] = await networksCalled(engine, own)
    const second = await makeTwin(engine, own)
    for (const alias of ['b', 'c']) await moveTo(engine, `stack-${id}-${alias}`, { from: first, to: second, alias })
    const before = await allOf(host)

    const plan = await host.stack('plan')
    const run = await runOnce(host)

    expect(plan.stdout).toContain(`~ merge-networks ${own}  made twice`)
    expect(stepsOf(run)).toEqual([`merge-networks ${id} ${own}`])
    expect(await networksCalled(engine, own)).toEqual([second])
    expect(await allOf(host)).toEqual(before)
    expect(await host.docker(['exec', `stack-${id}-b`, 'wget', '-qO-', 'http://a/'])).toBe('web 1')
    expect(await host.docker(['exec', `stack-${id}-a`, 'wget', '-qO-', 'http://c/'])).toBe('web 1')
  })

  it('with as many on both, one of them stopped: the older stays', async () => {
    const { host, id, own } = await trio('a', 'b')
    const [first = ''] = await networksCalled(engine, own)
    const second = await makeTwin(engine, own)
    await moveTo(engine, `stack-${id}-b`, { from: first, to: second, alias: 'b' })
    await host.docker(['stop', `stack-${id}-b`])

    const run = await runOnce(host)

    expect(stepsOf(run)).toEqual([`merge-networks ${id} ${own}`, `start ${id}`, `await-health ${id}`])
    expect(await networksCalled(engine, own)).toEqual([first])
    expect(await host.docker(['exec', `stack-${id}-a`, 'wget', '-qO-', 'http://b/'])).toBe('web 1')
  })

  it('with a stranger on one: that one stays, and so does the stranger', async () => {
    const { host, id, own } = await trio()
    const second = await makeTwin(engine, own)
    const stranger = await strangerOn(second)
    const before = await mustSee(host.docker, stranger)

    await runOnce(host)

    expect(await networksCalled(engine, own)).toEqual([second])
    expect(await mustSee(host.docker, stranger)).toEqual(before)
    expect(await host.docker(['exec', `stack-${id}-b`, 'wget', '-qO-', 'http://a/'])).toBe('web 1')
  })

  it('with strangers on both: nothing is touched, one is named, and it heals once that one is off', async () => {
    const { host, own } = await trio()
    const [first = ''] = await networksCalled(engine, own)
    const second = await makeTwin(engine, own)
    const strangers = [await strangerOn(first), await strangerOn(second)]
    const before = await allOf(host)

    const run = await runOnce(host, 1)
    const hint: string = run.json.notes[0].hint

    expect(run.json).toMatchObject({ outcome: 'stalled', error: { code: 'STACK_FOREIGN' } })
    expect(strangers.some((name) => run.json.notes[0].message.includes(name))).toBe(true)
    expect(await networksCalled(engine, own)).toHaveLength(2)
    expect(await allOf(host)).toEqual(before)

    await host.docker(hint.split(' ').slice(1))
    await runOnce(host)
    expect(await networksCalled(engine, own)).toHaveLength(1)
  })
})

describe('the shared network that is there twice', () => {
  it('becomes one before anything is started, and whoever was on the second is moved', async () => {
    const { host, id } = await trio()
    const [first = ''] = await networksCalled(engine, 'stack')
    const second = await makeTwin(engine, 'stack')
    await moveTo(engine, `stack-${id}-c`, { from: first, to: second, alias: 'c' })
    await host.docker(['stop', `stack-${id}-b`])

    const run = await runOnce(host)

    expect(stepsOf(run)).toEqual(['merge-networks stack', `start ${id}`, `await-health ${id}`])
    expect(await networksCalled(engine, 'stack')).toEqual([first])
  })

  it('made by somebody else serves as well', async () => {
    const { host, id } = await trio()
    const second = await makeTwin(engine, 'stack', {})

    const run = await runOnce(host)

    expect(stepsOf(run)).toEqual(['merge-networks stack'])
    expect(await networksCalled(engine, 'stack')).toEqual([second])
    expect(Object.keys(await allOf(host))).toContain(`stack-${id}-a`)
  })
})

describe('a container whose start outlived its engine', () => {
  it('is made anew in one run, with what is in its anonymous volume', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const { host, id } = await trio(...names)
    const containers = names.map((name) => `stack-${id}-${name}`)
    for (const one of containers) await host.docker(['exec', one, 'sh', '-c', `echo ${one} > /kept/name`])
    const stuck = await killedStarting(containers)

    const run = await runOnce(host)

    expect(stuck).not.toEqual([])
    expect(stepsOf(run)).toEqual([`start ${id}`, `await-health ${id}`, `replace ${id}`, `await-health ${id}`])
    expect(run.json.steps[0]).toMatchObject({ result: 'failed', error: { code: 'STACK_STUCK' } })
    expect(run.json.steps[2]).toMatchObject({ result: 'done', because: 'stuck in a start' })
    for (const one of containers) {
      expect(await mustSee(host.docker, one)).toMatchObject({ state: 'running' })
      expect(await host.docker(['exec', one, 'cat', '/kept/name'])).toBe(one)
    }
  })

  it('in a first run, too', async () => {
    const host = await someHost()
    await host.commit()
    const run = await firstRunKilled(host)

    expect(run.code, run.stdout + run.stderr).toBe(0)
    expect(run.json.steps).toContainEqual(expect.objectContaining({ kind: 'replace', because: 'stuck in a start' }))
    await runOnce(host)
  })
})

describe('what Docker 20.10 left', () => {
  it('is put right under Docker 26.1, too', async () => {
    const { host, own } = await trio()
    await makeTwin(engine, own)
    await makeTwin(engine, 'stack')
    await engine.stop()
    await engine.start(await docker26())

    await runOnce(host)

    expect(await networksCalled(engine, own)).toHaveLength(1)
    expect(await networksCalled(engine, 'stack')).toHaveLength(1)
    expect(Object.values(await allOf(host)).map((line) => line.split(' ')[1])).toEqual([
      'running',
      'running',
      'running',
    ])
  })
})

/** An instance that ran once: one stacklet with these services, each on a network of the project and on the shared one. */
async function trio(...names: readonly string[]): Promise<{ host: Instance; id: string; own: string }> {
  const host = await someHost(...names)
  await commitAndRun(host)
  const id = (await host.read('desired/desired.toml')).match(/stacklets\.(.*)\]/)?.[1] ?? ''
  return { host, id, own: `stack-${id}_default` }
}

async function someHost(...names: readonly string[]): Promise<Instance> {
  const id = uniqueName('left')
  const services = (names.length === 0 ? ['a', 'b', 'c'] : names).map(
    (name) =>
      `  ${name}: { image: "${images.web}", container_name: "stack-${id}-${name}", restart: unless-stopped, networks: [default, stack], volumes: [/kept] }\n`,
  )
  const compose = `name: stack-${id}\nservices:\n${services.join('')}networks: { stack: { external: true } }\n`
  const files = {
    [`stacklets/${id}/stacklet.toml`]: `id = "${id}"\n`,
    [`stacklets/${id}/docker-compose.yml`]: compose,
    ...desiredRunning(id),
  }
  const host = await makeInstance(files, { engineEnv: engine.env })
  onTestFinished(async () => {
    await removeInstance(host)
    await engine.docker(['network', 'prune', '--force'])
  })
  return host
}

/** Somebody else's container on this network. Gone when the test ends. */
async function strangerOn(network: string): Promise<string> {
  const name = uniqueName('stranger')
  await engine.docker(['run', '--detach', '--init', '--name', name, images.busybox, 'sleep', '999'])
  await engine.docker(['network', 'connect', network, name])
  onTestFinished(async () => void (await engine.docker(['rm', '--force', name])))
  return name
}

const attempts = 12

/** Kills the engine while it starts these, until it cannot start one of them any more. Answers which. */
async function killedStarting(containers: readonly string[]): Promise<readonly string[]> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    await engine.docker(['stop', ...containers])
    const starting = Promise.allSettled(containers.map((one) => engine.docker(['start', one])))
    await killWhenStarting(attempt)
    await starting
    await engine.start(await docker20())
    const stuck = await stuckAmong(containers)
    if (stuck.length > 0) return stuck
  }
  throw new Error(`the engine was killed ${attempts} times, and could start everything afterwards`)
}

async function stuckAmong(containers: readonly string[]): Promise<readonly string[]> {
  const tried = await Promise.all(containers.map((one) => engine.docker(['start', one]).then(() => '', String)))
  return containers.filter((_, index) => /already exists|already in use/.test(tried[index] ?? ''))
}

/** Runs for the first time and kills the engine meanwhile, until the run after that meets what is left. Answers that run. */
async function firstRunKilled(host: Instance): Promise<Awaited<ReturnType<Instance['stack']>>> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const first = host.stack('reconcile', '--json')
    await killWhenStarting(attempt)
    await first
    await engine.start(await docker20())
    const run = await host.stack('reconcile', '--json')
    if (run.stdout.includes('STACK_STUCK')) return run
    await removeContainers(host)
  }
  throw new Error(`the engine was killed in ${attempts} first runs, and could start everything afterwards`)
}

async function removeContainers(host: Instance): Promise<void> {
  const names = Object.keys(await allOf(host))
  if (names.length > 0) await host.docker(['rm', '--force', '--volumes', ...names])
  await host.remove('.stack/ledger')
}

/** At the first, second or third container that is about to run. */
async function killWhenStarting(attempt: number): Promise<void> {
  const before = new Set((await engine.shims()).map(({ pid }) => pid))
  const isSoon = async () => (await engine.shims()).filter(({ pid }) => !before.has(pid)).length > attempt % 3
  for (const deadline = performance.now() + 30_000; !(await isSoon()) && performance.now() < deadline; ) await sleep(1)
  await engine.kill()
}
