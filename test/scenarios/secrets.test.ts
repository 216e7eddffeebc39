import { stat } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { run } from '../../reconciler/adapters/process/run.ts'
import { uniqueName } from '../engine/ports.ts'
import { mustSee } from './support/containers.ts'
import { commandLine, type Instance, makeInstance } from './support/instance.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

async function hostWithSecret(): Promise<{ readonly host: Instance; readonly id: string; readonly name: string }> {
  const id = uniqueName('web')
  const manifest = '\n[env]\ngenerate = ["DB_PASSWORD"]\n'
  const host = await makeInstance({ ...webStacklet({ id, manifest }), ...desiredRunning(id) })
  await host.commit('first')
  return { host, id, name: `${id}__DB_PASSWORD` }
}

async function set(host: Instance, name: string, input: string) {
  return run(commandLine(['secrets', 'set', name]), { cwd: host.folder, env: host.env, input })
}

it('secrets are written from stdin, listed by name, read one by one, and removed', async () => {
  const { host, id } = await hostWithSecret()
  const name = `${id}__API_KEY`

  expect(await set(host, name, 'two\nlines "and" $more\n')).toMatchObject({ exitCode: 0 })
  const { mode } = await stat(`${host.folder}/.stack/secrets.toml`)

  expect(mode & 0o777).toBe(0o600)
  expect((await host.stack('secrets', 'list')).stdout).toBe(`${name}\n`)
  expect((await host.stack('secrets', 'list', '--json')).json).toMatchObject({ version: 1, secrets: [{ name }] })
  expect((await host.stack('secrets', 'get', name)).stdout).toBe('two\nlines "and" $more\n')
  expect((await host.stack('secrets', 'get', name, '--json')).json).toMatchObject({ value: 'two\nlines "and" $more' })
  expect(await host.stack('secrets', 'rm', name)).toMatchObject({ code: 0 })
  expect(await host.stack('secrets', 'get', name, '--json')).toMatchObject({
    code: 1,
    json: { error: { code: 'STACK_UNKNOWN_SECRET' } },
  })
})

it('a secret has to have a name that is one, and a value', async () => {
  const { host, id } = await hostWithSecret()

  expect(await set(host, `${id}__API_KEY`, '')).toMatchObject({ exitCode: 64 })
  expect(await set(host, 'API_KEY', 'x')).toMatchObject({ exitCode: 64 })
  expect(await host.stack('secrets', 'set', `${id}__API_KEY`, 'value')).toMatchObject({ code: 64 })
  expect(await host.stack('secrets', 'rm', 'nobody__KEY')).toMatchObject({ code: 1 })
  expect(await host.stack('secrets')).toMatchObject({ code: 64 })
  expect(await host.stack('secrets', 'show')).toMatchObject({ code: 64 })
})

it('a secret is rotated with consent, handed out by the next run, and what it was is kept until then', async () => {
  const { host, id, name } = await hostWithSecret()
  await host.stack('reconcile')
  const get = async (secret: string) => (await host.stack('secrets', 'get', secret)).stdout.trim()
  const first = await get(name)

  const held = await host.stack('secrets', 'rotate', name)
  expect(held, held.stderr).toMatchObject({ code: 2 })
  expect(held.stderr).toContain('A database may keep the value')
  expect(await get(name)).toBe(first)

  const rotated = await host.stack('secrets', 'rotate', name, '--yes', '--json')
  expect(rotated, rotated.stderr).toMatchObject({ code: 0 })
  expect(rotated.json).toMatchObject({ version: 1, name, done: true, previous: `${name}__previous` })
  const second = await get(name)
  expect(second).not.toBe(first)
  expect(await get(`${name}__previous`)).toBe(first)
  expect(JSON.stringify(rotated)).not.toContain(second)

  expect(await host.stack('reconcile')).toMatchObject({ code: 0 })
  expect((await mustSee(host.docker, `stack-${id}`)).env).toMatchObject({ DB_PASSWORD: second })
  expect((await host.stack('secrets', 'list')).stdout).toBe(`${name}\n`)
})

it('a rotated secret of a stacklet that is stopped keeps what it was', async () => {
  const { host, id, name } = await hostWithSecret()
  await host.stack('reconcile')
  await host.write('desired/desired.toml', `[stacklets.${id}]\nstate = "stopped"\n`)
  await host.commit('stop it')
  await host.stack('reconcile')

  await host.stack('secrets', 'rotate', name, '--yes')
  expect(await host.stack('reconcile')).toMatchObject({ code: 0 })

  expect((await host.stack('secrets', 'list')).stdout).toBe(
    `${name}\n${name}__previous (what it was before it was rotated)\n`,
  )
})

it('config shows what counts, and no secret; the admin password only to a person', async () => {
  const { host } = await hostWithSecret()
  await host.write('stack.toml', `${await host.read('stack.toml')}\n[ai]\nopenai_key = "sk-open"\nprovider = "mine"\n`)
  await set(host, 'global__ADMIN_PASSWORD', 'hunter22')

  const text = await host.stack('config')
  const { json } = await host.stack('config', '--json')
  const admin = await host.stack('config', 'admin')
  const adminJson = await host.stack('config', 'admin', '--json')

  expect(text.stdout).toContain('timezone = "UTC"')
  expect(text.stdout).toContain('[ai]\nopenai_key = "***"\nprovider = "mine"')
  expect(json).toMatchObject({
    version: 1,
    settings: { core: { data_dir: `${host.folder}/data` }, ai: { openai_key: '***' } },
  })
  expect(admin.stdout).toContain('stack secrets get global__ADMIN_PASSWORD')
  expect(adminJson.json).toMatchObject({ name: 'stackadmin', email: 'stackadmin@home.local', password: '***' })
  expect(text.stdout + admin.stdout + adminJson.stdout).not.toMatch(/sk-open|hunter22/)
})
