import { describe, expect, it } from 'vitest'
import { uniqueName } from '../engine/ports.ts'
import { hookedInstance, hooksOnly, logged, note } from './fixtures/hooked.ts'
import { runningOf } from './support/containers.ts'
import type { Instance } from './support/instance.ts'
import { runOnce } from './support/runs.ts'
import { webStacklet } from './support/stacklets.ts'
import { start, until } from './support/started.ts'

const patience = 600_000

describe('twenty `stack up` at once', () => {
  it('lose no edit and no secret, and run no hook twice', { timeout: patience }, async () => {
    const { host, ids, web } = await emptyHost()

    expect(await upAtOnce(host, ids)).toEqual(ids.map(() => 0))

    await expectAllUp(host, ids, web)
  })

  it('nor beside a daemon', { timeout: patience }, async () => {
    const { host, ids, web } = await emptyHost()
    const daemon = start(host, 'daemon')
    await until('the daemon to lock', async () => (await host.read('.stack/daemon.lock').catch(() => '')) !== '')

    expect(await upAtOnce(host, ids)).toEqual(ids.map(() => 0))

    await expectAllUp(host, ids, web)
    daemon.kill('SIGTERM')
    expect(await daemon.ended).toBe(0)
  })
})

/** Seventeen stacklets, three of them named by two of the commands. */
async function emptyHost(): Promise<{
  readonly host: Instance
  readonly ids: readonly string[]
  readonly web: string
}> {
  const web = uniqueName('web')
  const names = Array.from({ length: 16 }, () => uniqueName('job').replace('-', '_'))
  const hooks = { 'on_install.sh': note('on_install'), 'on_install_success.sh': note('on_install_success') }
  const jobs = names.map((id) => hooksOnly(id, hooks, '\n[env]\ngenerate = ["KEY"]\n'))
  const files = Object.assign({}, webStacklet({ id: web }), ...jobs)
  const host = await hookedInstance({ ...files, 'desired/desired.toml': '# mine\n' })
  await host.commit('first')
  return { host, ids: [web, ...names, ...names.slice(0, 3)], web }
}

async function upAtOnce(host: Instance, ids: readonly string[]): Promise<readonly (number | string)[]> {
  const runs = ids.map((id) => start(host, 'up', id))
  const codes = await Promise.all(runs.map((run) => run.ended))
  return codes.map((code, at) => (code === 0 ? 0 : `${code}: ${runs[at]?.said()}`))
}

async function expectAllUp(host: Instance, ids: readonly string[], web: string): Promise<void> {
  const jobs = [...new Set(ids)].filter((id) => id !== web)
  await runOnce(host)
  const desired = await host.read('desired/desired.toml')
  expect([...desired.matchAll(/^\[stacklets\.(\S+)\]$/gm)].map(([, id]) => id).sort()).toEqual([web, ...jobs].sort())
  expect(desired).toMatch(/^# mine\n/)
  expect(await host.git('status', '--porcelain')).toBe('')
  const secrets = await host.read('.stack/secrets.toml')
  expect([...secrets.matchAll(/^(\S+)__KEY = "\S+"$/gm)].map(([, id]) => id).sort()).toEqual([...jobs].sort())
  const events = ['on_install', 'on_install_success']
  expect([...(await logged(host))].sort()).toEqual(jobs.flatMap((id) => events.map((event) => `${id} ${event}`)).sort())
  expect(await runningOf(host)).toEqual([`stack-${web}`])
}
