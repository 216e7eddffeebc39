import { describe, expect, it } from 'vitest'
import { parseUsers } from '../../reconciler/definitions/parse-users.ts'
import { hostVariables, stackletVariables, urlOf } from '../../reconciler/definitions/variables.ts'
import type { Stacklet } from '../../reconciler/model/stacklet.ts'
import { manifest, secrets, settings } from './given.ts'

function stacklet(text: string, name: string): Stacklet {
  const found = manifest(text, name).stacklet
  if (found === null) throw new Error('no stacklet')
  return found
}

const photos = stacklet('port = 42010\n[env]\ngenerate = ["DB_PASSWORD"]', 'photos')
const messages = stacklet('port = 42031\n[ports]\nelement = 42030\n', 'messages')
const myApp = stacklet('port = 42070\n[ports]\nadmin = 42071\n', 'my-app')
const core = stacklet('', 'core')

function variables(toml = '', secretValues: Readonly<Record<string, string>> = {}, users = '', address = '10.0.0.5') {
  const { settings: read } = settings(toml)
  const stacklets = [photos, messages, myApp, core]
  const people = parseUsers(users, 'users.toml').users
  const host = hostVariables({ settings: read, users: people, stacklets, secrets: secrets(secretValues), address })
  return stackletVariables(host, photos, urlOf(photos, read, address))
}

const text = (name: string, toml = '', secretValues = {}, users = '', address = '10.0.0.5') =>
  variables(toml, secretValues, users, address).get(name)?.text

describe('a variable', () => {
  it.each([
    ['data_dir', '[core]\ndata_dir = "~/x"', '/home/ada/x'],
    ['data_dir', '', '/home/ada/stack-data'],
    ['domain', '', ''],
    ['domain', '[core]\ndomain = "home.internal"', 'home.internal'],
    ['language', '', 'en'],
    ['language', '[ai]\nlanguage = "fr"', 'fr'],
    ['language', '[core]\nlanguage = "de"\n[ai]\nlanguage = "fr"', 'de'],
    ['language', '[core]\nlanguage = ""\n[ai]\nlanguage = ""', 'en'],
    ['timezone', '', 'UTC'],
    ['timezone', '[core]\ntimezone = "Europe/Berlin"', 'Europe/Berlin'],
    ['stacklet_id', '', 'photos'],
    ['admin_username', '', 'stackadmin'],
    ['admin_email', '', 'stackadmin@home.local'],
    ['admin_password', '', ''],
    ['admin_user_ids', '', ''],
    ['ip', '', '10.0.0.5'],
    ['url', '', 'http://10.0.0.5:42010'],
    ['url', '[core]\ndomain = "home.internal"', 'http://photos.home.internal'],
    ['url', '[core]\ndomain = "home.internal"\nhttps = true', 'https://photos.home.internal'],
    ['photos_url', '', 'http://10.0.0.5:42010'],
    ['messages_url', '', 'http://10.0.0.5:42031'],
    ['messages_element_url', '', 'http://10.0.0.5:42030'],
    ['messages_element_url', '[core]\ndomain = "h.lan"', 'http://messages.h.lan'],
    ['core_url', '', ''],
    ['core_url', '[core]\ndomain = "h.lan"', ''],
    ['my-app_url', '', 'http://10.0.0.5:42070'],
    ['my_app_url', '', 'http://10.0.0.5:42070'],
    ['my-app_admin_url', '', 'http://10.0.0.5:42071'],
    ['my_app_admin_url', '', 'http://10.0.0.5:42071'],
    ['messages_server_name', '', ''],
    ['messages_server_name', '[messages]\nserver_name = "home"', 'home'],
    ['ai_openai_url', '', 'http://localhost:8000/v1'],
    ['ai_openai_url', '[ai]\nopenai_url = "http://gpu:1/v1"', 'http://gpu:1/v1'],
    ['ai_openai_url', '[ai]\nopenai_url = ""', ''],
    ['ai_openai_url_docker', '', 'http://host.docker.internal:8000/v1'],
    ['ai_openai_url_docker', '[ai]\nopenai_url = "http://localhost-2/v1"', 'http://host.docker.internal-2/v1'],
    ['ai_openai_url_docker', '[ai]\nopenai_url = "http://gpu/localhost"', 'http://gpu/localhost'],
    ['ai_whisper_url', '', 'http://localhost:42062/v1'],
    ['ai_whisper_url_docker', '', 'http://host.docker.internal:42062/v1'],
    ['ai_whisper_url_docker', '[ai]\nwhisper_url = "http://127.0.0.1:1"', 'http://127.0.0.1:1'],
    ['ai_openai_key', '', ''],
    ['ai_openai_key', '[ai]\nopenai_key = "local"', 'local'],
    ['ai_default_model', '', ''],
    ['ai_default_model', '[ai]\ndefault = "mlx/Qwen"', 'mlx/Qwen'],
    ['ai_default_model_short', '[ai]\ndefault = "a/b/Qwen"', 'Qwen'],
    ['ai_default_model_short', '[ai]\ndefault = "Qwen"', 'Qwen'],
    ['ai_default_model_short', '', ''],
    ['ai_tts_voice', '', 'alloy'],
    ['ai_tts_voice', '[ai]\nlanguage = "de-AT"', 'onyx'],
    ['ai_tts_voice', '[ai]\nlanguage = "en"', 'alloy'],
    ['ai_language', '[ai]\nlanguage = "de"', 'de'],
    ['ai_language', '', 'en'],
    ['ai_models_json', '', ''],
    ['ai_provider', '[ai]\nprovider = "omlx"', 'omlx'],
    ['foo_bar', '[foo]\nbar = "x"', 'x'],
    ['foo_count', '[foo]\ncount = 3', '3'],
    ['foo_on', '[foo]\non = true', 'true'],
    ['foo_since', '[foo]\nsince = 2024-05-27', '2024-05-27'],
    ['foo_list', '[foo]\nlist = []', undefined],
    ['foo_table', '[foo.table]\nx = 1', undefined],
    ['core_name', '[core]\nname = "x"', undefined],
    ['nothing', '', undefined],
  ])('{%s} with %j is %j', (name, toml, expected) => {
    expect(text(name, toml)).toBe(expected)
  })

  it.each([
    ['photos__DB_PASSWORD', { photos__DB_PASSWORD: 's3' }, 's3'],
    ['photos__DB_PASSWORD', { global__DB_PASSWORD: 'g' }, 'g'],
    ['photos__DB_PASSWORD', { photos__DB_PASSWORD: '', global__DB_PASSWORD: 'g' }, 'g'],
    ['photos__DB_PASSWORD', {}, ''],
    ['docs__API_TOKEN', { docs__API_TOKEN: 't' }, 't'],
    ['docs__API_TOKEN', {}, undefined],
    ['global__ADMIN_PASSWORD', { global__ADMIN_PASSWORD: 'p' }, 'p'],
    ['admin_password', { global__ADMIN_PASSWORD: 'p' }, 'p'],
    ['ai_openai_key', { global__AI_API_KEY: 'k' }, 'k'],
    ['ai_openai_key', { ai__AI_API_KEY: 'k2' }, 'k2'],
    ['ai_openai_key', { global__AI_API_KEY: 'k', ai__AI_API_KEY: 'k2' }, 'k'],
  ])('{%s} with the secrets %j is %j, and secret', (name, values, expected) => {
    const variable = variables('', values).get(name)

    expect(variable?.text).toBe(expected)
    if (variable !== undefined) expect(variable.isSecret).toBe(true)
  })

  it.each(['data_dir', 'url', 'ip', 'photos_url', 'admin_email', 'timezone', 'ai_openai_url'])(
    '{%s} is no secret',
    (name) => {
      expect(variables().get(name)?.isSecret).toBe(false)
    },
  )

  it('{admin_password} without a value names the secret to make', () => {
    expect(variables().get('admin_password')).toEqual({ text: '', isSecret: true, missing: 'global__ADMIN_PASSWORD' })
  })

  it('{admin_user_ids} lists the admins', () => {
    const users =
      '[[users]]\nname = "Ada"\nrole = "admin"\n[[users]]\nname = "Bob"\n[[users]]\nname = "Eve"\nrole = "admin"\n'

    expect(text('admin_user_ids', '', {}, users)).toBe('ada,eve')
  })

  it('keeps its documented meaning when a table or a secret has its name', () => {
    const toml = '[admin]\nusername = "root"\n[photos]\nurl = "http://evil/"\n[data]\ndir = "/x"\n'

    expect(text('admin_username', toml)).toBe('stackadmin')
    expect(text('photos_url', toml)).toBe('http://10.0.0.5:42010')
    expect(text('data_dir', toml, { data_dir: 'x' })).toBe('/home/ada/stack-data')
  })
})

describe('the address of a stacklet', () => {
  it.each([
    [photos, '', '10.0.0.5', 'http://10.0.0.5:42010'],
    [photos, '', 'localhost', 'http://localhost:42010'],
    [photos, '', 'fd00::5', 'http://[fd00::5]:42010'],
    [photos, '[core]\ndomain = "h.lan"', '10.0.0.5', 'http://photos.h.lan'],
    [photos, '[core]\ndomain = "h.lan"\nhttps = true', '10.0.0.5', 'https://photos.h.lan'],
    [core, '', '10.0.0.5', null],
    [core, '[core]\ndomain = "h.lan"', '10.0.0.5', null],
  ])('$id with %j at %s is %j', (one, toml, address, url) => {
    expect(urlOf(one, settings(toml).settings, address)).toBe(url)
  })
})
