import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from '../../reconciler/adapters/process/run.ts'
import { freePort, uniqueName } from '../engine/ports.ts'
import { allOf, mustSee, runningOf, seen } from './support/containers.ts'
import { type Answer, commandLine, makeInstance } from './support/instance.ts'
import { runOnce } from './support/runs.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

const manifest = `name = "Photo Album"
hints = ["open {url}", "ask {admin_username}"]
[env]
generate = ["KEY"]
[env.defaults]
TZ = "{timezone}"
TEST_ADMIN = "{admin_username}"
TYPED = "{global__TYPED}"
`

describe('what the files of an instance say', () => {
  it('reaches .env and the container with the next up, and again with the next after a change', async () => {
    const [id, port] = [uniqueName('web'), await freePort()]
    const web = webStacklet({ id, port })
    const own = `stacklets/${id}/stacklet.toml`
    const host = await makeInstance({ ...web, [own]: `id = "${id}"\nport = ${port}\n${manifest}` })
    const berlin = `${await host.read('stack.toml')}timezone = "Europe/Berlin"\n`
    await host.write('stack.toml', berlin)
    await host.write('.stack/secrets.toml', 'global__TYPED = "by hand"\nother__KEY = "of another"\n')
    await host.commit('first')
    const env = async () => (await mustSee(host.docker, `stack-${id}`)).env

    const up = await host.stack('up', id)

    const first = await env()
    const secrets = await host.read('.stack/secrets.toml')
    expect(up, up.stderr).toMatchObject({ code: 0 })
    expect(first).toMatchObject({ TZ: 'Europe/Berlin', TEST_ADMIN: 'stackadmin', TYPED: 'by hand' })
    expect(secrets).toContain(`${id}__KEY = "${first['KEY']}"\n`)
    expect(first['KEY']?.length).toBeGreaterThanOrEqual(16)
    expect(secrets).toContain('global__TYPED = "by hand"\nother__KEY = "of another"\n')
    const file = await host.read(`stacklets/${id}/.env`)
    for (const [name, value] of Object.entries({ TZ: 'Europe/Berlin', TEST_ADMIN: 'stackadmin', KEY: first['KEY'] }))
      expect(file).toMatch(new RegExp(`^${name}=.?${value}.?$`, 'm'))
    expect(existsSync(join(host.folder, `.stack/${id}.setup-done`))).toBe(true)

    for (const words of [`write-secrets ${id}`, `write-env ${id}`, `start ${id}`, `await-health ${id}`])
      expect(up.stderr).toContain(`${words} done`)
    expect(up.stdout).toMatch(new RegExp(`^Photo Album is running at http://.*:${port}$`, 'm'))
    expect(up.stdout).toMatch(new RegExp(`^  open http://.*:${port}\\n  ask stackadmin$`, 'm'))
    expectPlain(up)

    await host.stack('env', id)
    expect((await host.stack('up', id, '--json')).json).toMatchObject({ steps: [] })
    expect(await host.read('.stack/secrets.toml')).toBe(secrets)

    const before = await mustSee(host.docker, `stack-${id}`)
    await host.write('stack.toml', berlin.replace('Europe/Berlin', 'Asia/Tokyo'))
    await host.commit('we moved')
    await host.write('.stack/secrets.toml', secrets.replace('by hand', 'by another hand'))
    expect(await host.stack('up', id)).toMatchObject({ code: 0 })
    expect((await mustSee(host.docker, `stack-${id}`)).id).not.toBe(before.id)
    expect(await env()).toMatchObject({ TZ: 'Asia/Tokyo', TYPED: 'by another hand', KEY: first['KEY'] })

    const destroyed = await host.stack('destroy', id, '--purge', '--yes')
    expect(destroyed, destroyed.stderr).toMatchObject({ code: 0 })
    expect(destroyed.stdout).toContain('is destroyed.')
    expectPlain(destroyed)
    expect(await host.read('.stack/secrets.toml')).toBe(
      'global__TYPED = "by another hand"\nother__KEY = "of another"\n',
    )
    expect(await seen(host.docker, `stack-${id}`)).toBeNull()
  })

  it('is not needed to list stacklets and to see what they would get', async () => {
    const id = uniqueName('web')
    const host = await makeInstance({ [`stacklets/${id}/stacklet.toml`]: manifest })
    await host.commit('first')
    await host.remove('stack.toml')

    const list = await host.stack('list', '--json')
    const env = await host.stack('env', id, '--json', '--show-secrets')

    expect(list.json.stacklets).toMatchObject([{ id, name: 'Photo Album', state: 'available', online: false }])
    expect(env.json.env).toMatchObject({ TZ: 'UTC', TEST_ADMIN: 'stackadmin', TYPED: '', KEY: '' })
    expect(existsSync(join(host.folder, '.stack'))).toBe(false)
  })
})

describe('STACK_DIR', () => {
  it('gives settings, people and secrets of the instance, stacklets of the root, and may begin with ~', async () => {
    const id = uniqueName('web')
    const texts = '[env.defaults]\nTZ = "{timezone}"\nPEOPLE = "{admin_user_ids}"\nTYPED = "{global__TYPED}"\n'
    const root = await makeInstance({
      [`stacklets/${id}/stacklet.toml`]: texts,
      'stack.toml': '[core]\ntimezone = "Asia/Tokyo"\n',
      'users.toml': '[[users]]\nname = "Root"\nrole = "admin"\n',
    })
    const own = await makeInstance({
      ...desiredRunning(id),
      'stack.toml': '[core]\ntimezone = "Europe/Berlin"\n',
      'users.toml': '[[users]]\nname = "Ada"\nrole = "admin"\n',
    })
    for (const host of [root, own]) await host.commit('first')
    const env = { ...root.env, STACK_DIR: '~', HOME: own.folder }
    const inRoot = (...words: string[]) => root.stackWith(env, ...words)

    const set = await run(commandLine(['secrets', 'set', 'global__TYPED']), { cwd: root.folder, env, input: 'here' })
    const rendered = await inRoot('env', id, '--json', '--show-secrets')
    const config = await inRoot('config', '--json')

    expect(set, set.stderr).toMatchObject({ exitCode: 0 })
    expect(await own.read('.stack/secrets.toml')).toBe('global__TYPED = "here"\n')
    expect(rendered.json.env).toMatchObject({ TZ: 'Europe/Berlin', PEOPLE: expect.stringContaining('ada') })
    expect(rendered.json.env).toMatchObject({ TYPED: 'here' })
    expect(rendered.json.env.PEOPLE).not.toContain('root')
    expect(config.json).toMatchObject({ instance: own.folder, settings: { core: { timezone: 'Europe/Berlin' } } })
    expect(existsSync(join(root.folder, '.stack'))).toBe(false)
  })
})

it('a verb for what is not there, or with a word too much, does nothing and says so', async () => {
  const id = uniqueName('web')
  const host = await makeInstance({ ...webStacklet({ id }), ...desiredRunning(id) })
  await host.commit('first')
  await runOnce(host)
  const before = await allOf(host)

  for (const verb of ['up', 'down', 'destroy', 'pause', 'unpause', 'restart', 'setup', 'ps', 'logs', 'env']) {
    const answer = await host.stack(verb, 'nope')
    expect(answer, verb).toMatchObject({ code: 1, stdout: '' })
    expect(answer.stderr, verb).toMatch(/no stacklet nope|nope, which/)
  }
  for (const verb of ['up', 'down', 'destroy', 'pause', 'restart'])
    expect(await host.stack(verb, id, '--dry-run'), verb).toMatchObject({ code: 64 })

  expect(await allOf(host)).toEqual(before)
  expect(await runningOf(host)).toEqual([`stack-${id}`])
  expect(await host.git('rev-list', '--count', 'HEAD')).toBe('1')
})

/** No colour, and no carriage return. */
function expectPlain({ stdout, stderr }: Answer): void {
  for (const sign of ['\r', '\u001b']) expect(stdout + stderr).not.toContain(sign)
}
