import { describe, expect, it } from 'vitest'
import { uniqueName } from '../engine/ports.ts'
import { type Instance, makeInstance } from './support/instance.ts'

/** Renders `A = <template>` of one stacklet, as `stack env` shows it. */
async function rendered(host: Instance, id: string): Promise<Record<string, string>> {
  const answer = await host.stack('env', id, '--json', '--show-secrets')
  expect(answer.code, answer.stdout).toBe(0)
  return answer.json.env
}

async function hostWith(defaults: string, files: Record<string, string> = {}): Promise<{ host: Instance; id: string }> {
  const id = uniqueName('web')
  const host = await makeInstance({
    [`stacklets/${id}/stacklet.toml`]: `port = 42010\n[env.defaults]\n${defaults}`,
    ...files,
  })
  await host.commit('first')
  return { host, id }
}

describe('a template variable', () => {
  const all = `
DATA = "{data_dir}"
DOMAIN = "{domain}"
LANGUAGE = "{language}"
TIMEZONE = "{timezone}"
ID = "{stacklet_id}"
ADMIN = "{admin_username} {admin_email}"
PEOPLE = "{admin_user_ids}"
AI = "{ai_openai_url} {ai_openai_url_docker} {ai_openai_key}"
MODEL = "{ai_default_model} {ai_default_model_short}"
VOICE = "{ai_tts_voice} {ai_language}"
WHISPER = "{ai_whisper_url} {ai_whisper_url_docker}"
SERVER = "{messages_server_name}"
URL = "{url}"
OTHERS = "{photos_url} {photos_admin_url}"
SECRET = "{photos__TOKEN} {global__SHARED}"
`
  const photos = { 'stacklets/photos/stacklet.toml': 'port = 42001\n[ports]\nadmin = 42002\n' }
  const stackToml = `[core]
data_dir = "/srv/data"
timezone = "Europe/Berlin"
language = "de"
[ai]
openai_url = "http://localhost:8000/v1"
openai_key = "local"
default = "mlx-community/Qwen2.5-14B"
whisper_url = "http://localhost:6111/v1"
language = "de"
[messages]
server_name = "home"
`
  const users = '[[users]]\nname = "Ann Lee"\nrole = "admin"\n[[users]]\nid = "bob"\nname = "Bob"\n'

  it('of the reference has its value, in port mode', async () => {
    const { host, id } = await hostWith(all, { ...photos, 'stack.toml': stackToml, 'users.toml': users })
    await host.write('.stack/secrets.toml', 'photos__TOKEN = "t"\nglobal__SHARED = "s"\n')
    await host.write('.stack/address', '192.0.2.7\n')

    expect(await rendered(host, id)).toMatchObject({
      DATA: '/srv/data',
      DOMAIN: '',
      LANGUAGE: 'de',
      TIMEZONE: 'Europe/Berlin',
      ID: id,
      ADMIN: 'stackadmin stackadmin@home.local',
      PEOPLE: expect.stringContaining('ann'),
      AI: 'http://localhost:8000/v1 http://host.docker.internal:8000/v1 local',
      MODEL: 'mlx-community/Qwen2.5-14B Qwen2.5-14B',
      VOICE: 'onyx de',
      WHISPER: 'http://localhost:6111/v1 http://host.docker.internal:6111/v1',
      SERVER: 'home',
      URL: 'http://192.0.2.7:42010',
      OTHERS: 'http://192.0.2.7:42001 http://192.0.2.7:42002',
      SECRET: 't s',
      PORT_BIND_IP: '0.0.0.0',
      WATCHTOWER_ENABLE: 'false',
    })
  })

  it('of the reference has its value, in domain mode', async () => {
    const domain = '[core]\ndomain = "home.internal"\nhttps = true\n'
    const { host, id } = await hostWith(all, { ...photos, 'stack.toml': domain })

    expect(await rendered(host, id)).toMatchObject({
      DOMAIN: 'home.internal',
      URL: `https://${id}.home.internal`,
      OTHERS: 'https://photos.home.internal https://photos.home.internal',
      TIMEZONE: 'UTC',
      LANGUAGE: 'en',
      VOICE: expect.stringMatching(/^alloy/),
      PORT_BIND_IP: '127.0.0.1',
    })
  })

  it('that is not known renders as nothing, with a warning at its line', async () => {
    const { host, id } = await hostWith('A = "[{nothing}]"\n')

    expect((await rendered(host, id))['A']).toBe('[]')
    expect((await host.stack('validate')).stdout).toContain(
      `stacklets/${id}/stacklet.toml:3:7: warning: {nothing} is not a variable`,
    )
  })
})

it('values that are no text, doubled braces and layouts render as they are meant', async () => {
  const { host, id } = await hostWith(
    'N = 42\nF = 1.50\nB = true\nD = 2024-05-01\nJSON = "{{\\"a\\": {{}}}}"\nWIDE = "[{stacklet_id:>3}]"\nlower__case = "x"\n',
  )

  expect(await rendered(host, id)).toMatchObject({
    N: '42',
    F: '1.50',
    B: 'true',
    D: '2024-05-01',
    JSON: '{"a": {}}',
    WIDE: `[${id}]`,
    lower__case: 'x',
  })
})

it('desired.toml goes over the manifest, a generated value over both, and what the host decides over all', async () => {
  const { host, id } = await hostWith('A = "manifest"\nB = "manifest"\nKEY = "manifest"\nPORT_BIND_IP = "manifest"\n')
  const path = `stacklets/${id}/stacklet.toml`
  await host.write(path, (await host.read(path)).replace('[env.', '[env]\ngenerate = ["KEY"]\n[env.'))
  await host.write('desired/desired.toml', `[stacklets.${id}.env]\nB = "desired"\nKEY = "desired"\n`)
  await host.write('.stack/secrets.toml', `${id}__KEY = "generated"\n`)

  expect(await rendered(host, id)).toMatchObject({
    A: 'manifest',
    B: 'desired',
    KEY: 'generated',
    PORT_BIND_IP: '0.0.0.0',
  })
})

it("a stacklet's own secret goes before the global one, and without either there is none", async () => {
  const { host, id } = await hostWith('')
  const path = `stacklets/${id}/stacklet.toml`
  await host.write(path, '[env]\ngenerate = ["OWN", "SHARED", "NONE"]\n')
  await host.write('.stack/secrets.toml', `${id}__OWN = "own"\nglobal__OWN = "global"\nglobal__SHARED = "global"\n`)

  expect(await rendered(host, id)).toMatchObject({ OWN: 'own', SHARED: 'global', NONE: '' })
})

it('settings are read anew by every command, and a missing stack.toml or users.toml is no error', async () => {
  const { host, id } = await hostWith('TZ = "{timezone}"\nDATA = "{data_dir}"\n')
  await host.write('stack.toml', '[core]\ntimezone = "Asia/Tokyo"\n')
  expect((await rendered(host, id))['TZ']).toBe('Asia/Tokyo')

  await host.remove('stack.toml')
  expect(await rendered(host, id)).toMatchObject({ TZ: 'UTC', DATA: `${host.folder}/stack-data` })
})

it('every directory with a stacklet.toml is listed with what its manifest says, and no other', async () => {
  const says = 'id = "full"\nname = "Full Name"\ndescription = "all of it"\nversion = "1.2.3"\ncategory = "media"\n'
  const host = await makeInstance({ 'stacklets/full/stacklet.toml': says, 'stacklets/bare_one/stacklet.toml': '' })
  await host.write('stacklets/none/docker-compose.yml', 'services: {}\n')

  const { json } = await host.stack('list', '--json')

  expect(json.stacklets).toMatchObject([
    { id: 'bare_one', name: 'bare_one' },
    {
      id: 'full',
      name: 'Full Name',
      description: 'all of it',
      version: '1.2.3',
      category: 'media',
      state: 'available',
    },
  ])
  expect(json).toMatchObject({ total: 2, online: 0 })
})

it('without any stacklet the list is empty', async () => {
  const host = await makeInstance({ 'desired/desired.toml': '' })
  await host.commit('first')

  expect((await host.stack('list', '--json')).json).toMatchObject({ total: 0, online: 0, stacklets: [] })
  expect(await host.stack('plan')).toMatchObject({ code: 0 })
})
