import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { everyHook, hookedInstance, hookedStacklet, logged, uniqueId } from './fixtures/hooked.ts'
import { allOf, mustSee, runningOf } from './support/containers.ts'
import { type Answer, type Instance, makeInstance } from './support/instance.ts'
import { attachSomebody } from './support/shared-network.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

const stepsIn = ({ json }: Answer): readonly string[] => json.steps.map((step: { id: string }) => step.id)
const marker = (id: string): string => `.stack/${id}.setup-done`
const has = ({ folder }: Instance, path: string): boolean => existsSync(join(folder, path))

it('down all stops what runs, in order, and leaves alone what does not; up all starts everything again', async () => {
  const [a, b, c, still, fresh] = ['a', 'b', 'c', 'still', 'fresh'].map(uniqueId) as [
    string,
    string,
    string,
    string,
    string,
  ]
  const host = await hookedInstance({
    ...hookedStacklet({ id: a, hooks: everyHook() }),
    ...hookedStacklet({ id: b, hooks: everyHook(), requires: [a] }),
    ...hookedStacklet({ id: c, hooks: everyHook(), requires: [b] }),
    ...hookedStacklet({ id: still, hooks: everyHook() }),
    ...hookedStacklet({ id: fresh, hooks: everyHook() }),
    'desired/desired.toml': '',
  })
  await host.commit('first')
  expect(await host.stack('up', c, still)).toMatchObject({ code: 0 })
  expect(await host.stack('down', still)).toMatchObject({ code: 0 })
  const before = await mustSee(host.docker, `stack-${still}`)
  await logged(host)

  const down = await host.stack('down', 'all', '--json')

  expect(down, down.stderr).toMatchObject({ code: 0 })
  expect(stepsIn(down).filter((step) => step.startsWith('stop '))).toEqual([`stop ${c}`, `stop ${b}`, `stop ${a}`])
  expect(await logged(host)).toEqual([c, b, a].map((id) => `${id} on_stop`))
  expect(await mustSee(host.docker, `stack-${still}`)).toEqual(before)
  expect([a, b, c, still, fresh].map((id) => has(host, marker(id)))).toEqual([true, true, true, true, false])

  const up = await host.stack('up', 'all')

  expect(up, up.stderr).toMatchObject({ code: 0 })
  expect(await runningOf(host)).toEqual([a, b, c, still].map((id) => `stack-${id}`).sort())
  expect((await logged(host)).filter((line) => / on_(configure|install)/.test(line))).toEqual([])
  expect(has(host, marker(fresh))).toBe(false)
})

it('what is always on is started when it is listed, and not before', async () => {
  const [always, other] = [uniqueId('always'), uniqueId('other')]
  const host = await makeInstance({
    ...webStacklet({ id: always, manifest: 'always_on = true\n' }),
    ...webStacklet({ id: other }),
    ...desiredRunning(other),
  })
  await host.commit('first')

  expect(await host.stack('reconcile')).toMatchObject({ code: 0 })
  expect(await runningOf(host)).toEqual([`stack-${other}`])
  expect((await host.stack('list', '--json')).json.stacklets).toMatchObject([{ always_on: true, enabled: false }, {}])
})

it('only the marker says that a first run is over: containers that are there do not', async () => {
  const id = uniqueId('marked')
  const host = await hookedInstance({ ...hookedStacklet({ id, hooks: everyHook() }), ...desiredRunning(id) })
  await host.commit('first')
  await host.stack('reconcile')
  await logged(host)
  const before = await allOf(host)
  await host.remove(marker(id))

  expect(await host.stack('up', id)).toMatchObject({ code: 0 })

  expect(await logged(host)).toEqual(['on_configure', 'on_install', 'on_install_success'].map((one) => `${id} ${one}`))
  expect(await allOf(host)).toEqual(before)
  expect(has(host, marker(id))).toBe(true)
})

describe('stack list', () => {
  it('counts what is online: not what is stopped, was only created, or never started', async () => {
    const [up, down, created, never] = ['up', 'down', 'created', 'never'].map(uniqueId) as [
      string,
      string,
      string,
      string,
    ]
    const host = await makeInstance({
      ...Object.assign({}, ...[up, down, created, never].map((id) => webStacklet({ id }))),
      'desired/desired.toml': '',
    })
    await host.commit('first')
    await host.stack('up', up, down, created)
    await host.stack('down', down)
    const { image, labels } = await mustSee(host.docker, `stack-${created}`)
    const words = Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`])
    await host.docker(['rm', '--force', `stack-${created}`])
    await host.docker(['create', '--name', `stack-${created}`, ...words, image])

    const { json } = await host.stack('list', '--json')
    const ps = await host.stack('ps', '--json')

    const states = Object.fromEntries(
      json.stacklets.map((one: { id: string; state: string; online: boolean; enabled: boolean }) => [
        one.id,
        `${one.state} ${one.online} ${one.enabled}`,
      ]),
    )
    expect(states).toEqual({
      [up]: 'running true true',
      [down]: 'stopped false true',
      [created]: 'stopped false true',
      [never]: 'available false false',
    })
    expect(json).toMatchObject({ total: 4, online: 1 })
    const byName = ps.json.containers.map((one: { name: string; state: string }) => `${one.name} ${one.state}`)
    expect(byName.sort()).toEqual([`stack-${created} created`, `stack-${down} exited`, `stack-${up} running`].sort())
  })
})

describe('stack uninstall', () => {
  it('takes down what was set up and runs no hook of what was not; up all brings it back', async () => {
    const [used, clean] = [uniqueId('used'), uniqueId('clean')]
    const host = await hookedInstance({
      ...hookedStacklet({ id: used, hooks: everyHook() }),
      ...hookedStacklet({ id: clean, hooks: everyHook() }),
      ...desiredRunning(used),
    })
    await host.commit('first')
    await host.stack('up')
    await logged(host)
    await attachSomebody(host)

    const gone = await host.stack('uninstall', '--yes')
    const hooks = await logged(host)
    const again = await host.stack('uninstall', '--yes')

    expect(gone, gone.stderr).toMatchObject({ code: 0 })
    expect(hooks).toEqual([`${used} on_stop`, `${used} on_destroy`])
    expect(again, again.stderr).toMatchObject({ code: 0 })
    expect(again.stdout + again.stderr).toMatch(/Uninstalled|[Nn]othing/)
    expect(await logged(host)).toEqual([])
    expect(has(host, '.stack')).toBe(false)
    expect(has(host, 'stack.toml')).toBe(true)
    expect(await host.stack('up', 'all')).toMatchObject({ code: 0 })
    expect(await runningOf(host)).toEqual([`stack-${used}`])
  })

  it('keeps data, secrets and marker of what is named, and nothing of the others', async () => {
    const [kept, other] = [uniqueId('kept'), uniqueId('other')]
    const manifest = '[env]\ngenerate = ["KEY"]\n'
    const host = await makeInstance({
      ...webStacklet({ id: kept, manifest }),
      ...webStacklet({ id: other, manifest }),
      ...desiredRunning(kept, other),
    })
    await host.commit('first')
    await host.stack('up')
    for (const id of [kept, other]) await host.write(`data/${id}/file`, 'precious')
    const secret = new RegExp(`^${kept}__KEY = .*$`, 'm').exec(await host.read('.stack/secrets.toml'))?.[0]

    const gone = await host.stack('uninstall', '--yes', '--not', kept)

    expect(gone, gone.stderr).toMatchObject({ code: 0 })
    expect(await runningOf(host)).toEqual([`stack-${kept}`])
    expect(await host.read('.stack/secrets.toml')).toContain(secret)
    expect([has(host, marker(kept)), has(host, marker(other))]).toEqual([true, false])
    expect([has(host, `data/${kept}/file`), has(host, `data/${other}`)]).toEqual([true, false])
    expect(readdirSync(join(host.folder, 'data/.trash'))).toEqual([expect.stringMatching(new RegExp(`^${other}-`))])
  })
})

it('a hook that fails while its stacklet leaves is told, and holds nothing back', async () => {
  const id = uniqueId('leaves')
  const fails = (event: string) => ({ [`stacklets/${id}/hooks/${event}.sh`]: `echo no ${event} here >&2\nexit 3\n` })
  const host = await makeInstance({
    ...webStacklet({ id }),
    ...fails('on_stop'),
    ...fails('on_destroy'),
    ...desiredRunning(),
  })
  await host.commit('first')
  expect(await host.stack('up', id)).toMatchObject({ code: 0 })

  const down = await host.stack('down', id)

  expect(down, down.stderr).toMatchObject({ code: 0 })
  expect(down.stderr).toMatch(/on_stop .*failed.*; going on without on_stop/)
  expect(await mustSee(host.docker, `stack-${id}`)).toMatchObject({ state: 'exited' })

  const destroy = await host.stack('destroy', id)

  expect(destroy, destroy.stderr).toMatchObject({ code: 0 })
  expect(destroy.stderr).toContain('going on without on_destroy')
  expect(await allOf(host)).toEqual({})
})
