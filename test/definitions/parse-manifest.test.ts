import { describe, expect, it } from 'vitest'
import { parseManifest } from '../../reconciler/definitions/parse-manifest.ts'
import { manifest } from './given.ts'
import { said, theOnly } from './said.ts'

const file = 'stacklets/photos/stacklet.toml'

const full = `id          = "photos"
name        = "Photos"
description = "Family photo library"
version     = "0.1.0"
category    = "media"
port        = 42010
always_on   = true
type        = "host"
requires    = ["core", "my-db_2"]
build       = true
login_field = "email"
hints = ["Open {url}", "Braces: {{x}}"]

[ports]
element = 42030
synapse = 42031

[upstream]
image   = "ghcr.io/immich-app/immich-server"
channel = "major"

[env]
generate = ["DB_PASSWORD", "lower_case", "DB_PASSWORD"]

[env.defaults]
UPLOAD_LOCATION = "{data_dir}/photos"
forgejo__a__B   = 'x'
WORKERS         = 4
RATIO           = 0.50
BIG             = 1e6
DEBUG           = true
QUIET           = false
SINCE           = 2024-05-27

[health]
url     = "http://localhost:42010/api/server/ping"
urls    = ["http://a:1/", "{ai_openai_url}/models"]
path    = "$.res"
expect  = "pong"
timeout = 300
hint    = "look at the log"

[[health.checks]]
url     = "http://b:2/"
name    = "b"
hint    = "start b"
expect  = 204
[health.checks.headers]
Authorization = "Bearer {docs__API_TOKEN}"

[services.omlx]
name        = "oMLX"
description = "MLX"
check_url   = "{ai_openai_url}/models"
start       = "sh -c 'echo {print $1}'"
stop        = "brew services stop omlx"
`

describe('stacklet.toml', () => {
  it('reads every field of the reference', () => {
    const { stacklet, problems } = manifest(full)

    expect(problems).toEqual([])
    expect(stacklet).toMatchObject({
      id: 'photos',
      name: 'Photos',
      description: 'Family photo library',
      version: '0.1.0',
      category: 'media',
      path: 'stacklets/photos',
      port: 42010,
      ports: { element: 42030, synapse: 42031 },
      alwaysOn: true,
      kind: 'host',
      requires: ['core', 'my-db_2'],
      build: true,
      loginField: 'email',
      upstream: { image: 'ghcr.io/immich-app/immich-server', channel: 'major' },
      compose: null,
      files: { 'stacklet.toml': 'm1' },
    })
    expect(stacklet?.env.generate).toEqual(['DB_PASSWORD', 'lower_case'])
    expect(stacklet?.hints.map((hint) => hint.text)).toEqual(['Open {url}', 'Braces: {{x}}'])
  })

  it('makes text of every default, as it was written', () => {
    const defaults = manifest(full).stacklet?.env.defaults ?? {}

    expect(Object.entries(defaults).map(([name, { text }]) => `${name}=${text}`)).toEqual([
      'UPLOAD_LOCATION={data_dir}/photos',
      'forgejo__a__B=x',
      'WORKERS=4',
      'RATIO=0.50',
      'BIG=1e6',
      'DEBUG=true',
      'QUIET=false',
      'SINCE=2024-05-27',
    ])
  })

  it('makes one list of every way to write a health check', () => {
    const health = manifest(full).stacklet?.health

    expect(health?.timeoutMs).toBe(300_000)
    expect(health?.checks.map(({ url, ...check }) => ({ url: url.text, ...check }))).toMatchObject([
      {
        url: 'http://localhost:42010/api/server/ping',
        name: null,
        hint: 'look at the log',
        path: '$.res',
        expect: 'pong',
      },
      { url: 'http://a:1/', path: '$.res', expect: 'pong', headers: {} },
      { url: '{ai_openai_url}/models' },
      {
        url: 'http://b:2/',
        name: 'b',
        hint: 'start b',
        path: null,
        expect: '204',
        headers: { Authorization: { text: 'Bearer {docs__API_TOKEN}' } },
      },
    ])
  })

  it('reads native services, and leaves the braces of their commands alone', () => {
    expect(manifest(full).stacklet?.services).toMatchObject([
      {
        id: 'omlx',
        name: 'oMLX',
        description: 'MLX',
        checkUrl: { text: '{ai_openai_url}/models' },
        start: { text: "sh -c 'echo {print $1}'" },
        stop: { text: 'brew services stop omlx' },
      },
    ])
  })

  it('requires nothing: an empty manifest is a stacklet named like its directory', () => {
    const { stacklet, problems } = manifest('')

    expect(problems).toEqual([])
    expect(stacklet).toEqual({
      id: 'photos',
      name: 'photos',
      description: '',
      version: '0.0.0',
      category: '',
      path: 'stacklets/photos',
      port: null,
      ports: {},
      alwaysOn: false,
      kind: 'docker',
      requires: [],
      build: false,
      loginField: null,
      upstream: null,
      env: { generate: [], defaults: {} },
      hints: [],
      health: null,
      ignores: {},
      references: [],
      services: [],
      updateOrder: 'stop-first',
      routes: [],
      proxy: false,
      snippet: null,
      compose: null,
      files: { 'stacklet.toml': 'm1' },
    })
  })

  it.each([
    ['name = ""', { name: 'photos' }],
    ['[upstream]\nimage = "x"', { upstream: { image: 'x', channel: 'patch' } }],
    ['[upstream]\nchannel = "none"', { upstream: { image: '', channel: 'none' } }],
    ['[health]\ntimeout = 30', { health: { checks: [], timeoutMs: 30_000 } }],
    ['[health]\ntimeout = "5m"', { health: { checks: [], timeoutMs: 300_000 } }],
    ['[health]\ntimeout = 0.5', { health: { checks: [], timeoutMs: 500 } }],
    ['[health]\nurl = "http://x/"', { health: { timeoutMs: 120_000 } }],
    ['[health]\nurl = "http://x/"\nexpect = 200', { health: { checks: [{ expect: '200' }] } }],
    ['[health]\nurl = "http://x/"\nexpect = true', { health: { checks: [{ expect: 'true' }] } }],
    ['[services.x]', { services: [{ id: 'x', name: 'x', description: '', checkUrl: null, start: null, stop: null }] }],
    ['login_field = "username"', { loginField: 'username' }],
    ['[env]', { env: { generate: [], defaults: {} } }],
  ])('reads %j', (text, expected) => {
    const { stacklet, problems } = manifest(text)

    expect(problems).toEqual([])
    expect(stacklet).toMatchObject(expected)
  })

  it.each(['none', 'digest', 'patch', 'minor', 'major'])('knows the channel %s', (channel) => {
    expect(manifest(`[upstream]\nchannel = "${channel}"`).problems).toEqual([])
  })

  it.each([
    ['name = 1', `error type ${file}:1:8`, 'name must be text, not 1'],
    ['version = 1.0', `error type ${file}:1:11`, 'version must be text, not 1'],
    ['description = []', `error type ${file}:1:15`, 'description must be text, not a list'],
    ['port = 0', `error value ${file}:1:8`, 'port must be 1 or more, not 0'],
    ['port = 65536', `error value ${file}:1:8`, 'port must be 65535 or less, not 65536'],
    ['port = -1', `error value ${file}:1:8`, 'port must be 1 or more, not -1'],
    ['port = "42010"', `error type ${file}:1:8`, 'port must be a whole number, not text'],
    ['port = 42.5', `error type ${file}:1:8`, 'port must be a whole number, not 42.5'],
    ['ports = 42', `error type ${file}:1:9`, 'ports must be a table, not 42'],
    ['[ports]\nweb = 0', `error value ${file}:2:7`, 'ports.web must be 1 or more, not 0'],
    ['always_on = "yes"', `error type ${file}:1:13`, 'always_on must be true or false, not text'],
    ['build = 1', `error type ${file}:1:9`, 'build must be true or false, not 1'],
    ['type = "vm"', `error value ${file}:1:8`, 'type must be "docker" or "host", not "vm"'],
    ['requires = "core"', `error type ${file}:1:12`, 'requires must be a list, not text'],
    ['requires = ["core", 2]', `error type ${file}:1:21`, 'requires[1] must be text, not 2'],
    ['requires = ["Core"]', `error bad-id ${file}:1:13`, /^requires\[0\] must be an id/],
    ['login_field = "phone"', `error value ${file}:1:15`, 'login_field must be "email" or "username", not "phone"'],
    ['upstream = "x"', `error type ${file}:1:12`, 'upstream must be a table, not text'],
    ['[upstream]\nchannel = "latest"', `error value ${file}:2:11`, /^upstream\.channel must be "none", "digest"/],
    ['hints = "x"', `error type ${file}:1:9`, 'hints must be a list, not text'],
    ['hints = ["a", {}]', `error type ${file}:1:15`, 'hints[1] must be text, not a table'],
    ['env = []', `error type ${file}:1:7`, 'env must be a table, not a list'],
    ['[env]\ngenerate = "X"', `error type ${file}:2:12`, 'env.generate must be a list, not text'],
    ['[env]\ngenerate = ["X", "A-B"]', `error value ${file}:2:18`, '"A-B" is not the name of an environment variable'],
    ['[env]\ngenerate = ["1X"]', `error value ${file}:2:13`, '"1X" is not the name of an environment variable'],
    ['[env]\ngenerate = [""]', `error value ${file}:2:13`, '"" is not the name of an environment variable'],
    [
      '[env.defaults]\nX = []',
      `error type ${file}:2:5`,
      'env.defaults.X must be text, a number or true or false, not a list',
    ],
    [
      '[env.defaults.X]\nY = 1',
      `error type ${file}:1:15`,
      'env.defaults.X must be text, a number or true or false, not a table',
    ],
    ['[env.defaults]\n"a b" = "x"', `error value ${file}:2:1`, '"a b" is not the name of an environment variable'],
    ['[health]\nurl = "localhost:1"', `error value ${file}:2:7`, /^health\.url must begin with http/],
    ['[health]\nurls = ["http://a/", "b"]', `error value ${file}:2:22`, /^health\.urls\[1\] must begin with http/],
    ['[health]\ntimeout = 0', `error value ${file}:2:11`, /^health\.timeout must be a number of seconds above 0/],
    ['[health]\ntimeout = "soon"', `error value ${file}:2:11`, /^health\.timeout must be a number of seconds above 0/],
    [
      '[health]\ntimeout = true',
      `error type ${file}:2:11`,
      'health.timeout must be a number of seconds or a duration such as "5m", not true',
    ],
    ['[health]\nexpect = []', `error type ${file}:2:10`, 'health.expect must be a status code or a text, not a list'],
    ['[[health.checks]]\nname = "x"', `error missing-key ${file}:1:10`, 'health.checks[0].url is missing'],
    [
      '[health]\nchecks = [{url = "http://a/"}, {}]',
      `error missing-key ${file}:2:32`,
      'health.checks[1].url is missing',
    ],
    [
      '[[health.checks]]\nurl = "http://a/"\nheaders = {A = 1}',
      `error type ${file}:3:16`,
      'health.checks[0].headers.A must be text, not 1',
    ],
    ['[services]\nx = 1', `error type ${file}:2:5`, 'services.x must be a table, not 1'],
    ['[services.x]\nstart = ["a"]', `error type ${file}:2:9`, 'services.x.start must be text, not a list'],
    ['id = "photo"', `error id-mismatch ${file}:1:6`, 'id is "photo", but the directory is called "photos"'],
    ['id = ""', `error id-mismatch ${file}:1:6`, 'id is "", but the directory is called "photos"'],
    ['id = 7', `error type ${file}:1:6`, 'id must be text, not 7'],
  ])('refuses %j', (text, where, message) => {
    const problem = theOnly(manifest(text).problems)

    expect(said([problem])).toEqual([where])
    expect(problem.message).toMatch(message)
    expect(problem.about).toBe('photos')
  })

  it.each([
    ['nmae = "x"', `${file}:1:1`, 'did you mean "name"?'],
    ['require = []', `${file}:1:1`, 'did you mean "requires"?'],
    ['[env]\ndefault = {}', `${file}:2:1`, 'did you mean "defaults"?'],
    ['[upstream]\nchanel = "patch"', `${file}:2:1`, 'did you mean "channel"?'],
    ['[health]\ntimout = 3', `${file}:2:1`, 'did you mean "timeout"?'],
    ['[[health.checks]]\nurl = "http://a/"\nheader = {}', `${file}:3:1`, 'did you mean "headers"?'],
    ['[services.a]\nchek_url = "x"', `${file}:2:1`, 'did you mean "check_url"?'],
    ['[service.a]\nname = "x"', `${file}:1:2`, 'did you mean "services"?'],
  ])('only warns of the unknown key in %j, for other programs read it too', (text, where, hint) => {
    const { stacklet, problems } = manifest(text)

    expect(said(problems)).toEqual([`warning unknown-key ${where}`])
    expect(theOnly(problems).hint).toBe(hint)
    expect(stacklet).not.toBeNull()
  })

  it.each([
    ['category = "medai"', 'did you mean "media"?'],
    ['category = "toys"', 'choose one of them'],
  ])('warns of a category nobody groups by: %j', (text, hint) => {
    expect(theOnly(manifest(text).problems)).toMatchObject({ level: 'warning', hint, at: { line: 1, column: 12 } })
  })

  it.each(['up', 'down', 'plan', 'search', 'all', 'global', 'restore-backup'])(
    'cannot be called %s, and says so to the whole instance',
    (name) => {
      expect(theOnly(manifest('', name).problems)).toMatchObject({ code: 'reserved-id', about: null })
    },
  )

  it.each(['Photos', 'my photos', '-x', '.hidden', 'größe', 'a'.repeat(64)])('cannot be called %j', (name) => {
    const { problems } = manifest('', name)

    expect(theOnly(problems)).toMatchObject({ code: 'bad-id', about: name })
  })

  it.each(['a', '2fauth', 'with_deps', 'my-app', 'a'.repeat(63)])('can be called %j', (name) => {
    expect(manifest('', name).problems).toEqual([])
  })

  it('keeps everything that is right beside everything that is wrong', () => {
    const { stacklet, problems } = manifest(`port = "x"
name = "Photos"
requires = [1, "core"]
colour = "red"

[env]
generate = ["OK", 7, "B-C"]
[env.defaults]
A = "{timezone}"
B = []
C = "{"
`)

    expect(said(problems)).toEqual([
      `error type ${file}:1:8`,
      `error type ${file}:3:13`,
      `warning unknown-key ${file}:4:1`,
      `error type ${file}:7:19`,
      `error value ${file}:7:22`,
      `error type ${file}:10:5`,
      `error template ${file}:11:6`,
    ])
    expect(stacklet).toMatchObject({ name: 'Photos', port: null, requires: ['core'] })
    expect(Object.keys(stacklet?.env.defaults ?? {})).toEqual(['A', 'C'])
  })

  it('knows where each requirement was written, whatever stood before it', () => {
    expect(manifest('requires = [1, "core",\n  "docs"]').requiresAt).toEqual({
      core: { file, line: 1, column: 16 },
      docs: { file, line: 2, column: 3 },
    })
  })

  it('answers no stacklet for what is no TOML, and says why', () => {
    const { stacklet, problems } = manifest('id = \n')

    expect(stacklet).toBeNull()
    expect(theOnly(problems)).toMatchObject({ code: 'syntax', about: 'photos' })
  })

  it('refuses links that leave the repository', () => {
    const text = { path: 'stacklets/photos', directoryName: 'photos', manifest: '', compose: null, files: {} }

    const { problems } = parseManifest({ ...text, escaping: ['config/secret', 'x'] })

    expect(said(problems)).toEqual([
      'error outside-root stacklets/photos/config/secret',
      'error outside-root stacklets/photos/x',
    ])
  })
})

describe('the place of a template fault', () => {
  it.each([
    ['hints = ["a {"]', '1:13'],
    ["hints = ['a {']", '1:13'],
    ['hints = ["ok", "{}"]', '1:17'],
    ['hints = ["\\"q\\" {}"]', '1:17'],
    ['hints = ["\\\\ {}"]', '1:14'],
    ['hints = ["\\u00e9 {}"]', '1:18'],
    ['hints = ["\\U0001F600 {}"]', '1:22'],
    ['hints = ["\\t{}"]', '1:13'],
    ["hints = ['\\t{}']", '1:13'],
    ['hints = ["😀 {}"]', '1:14'],
    ['hints = ["""\nfirst\n  {}\n"""]', '3:3'],
    ["hints = ['''\nfirst\n  {}\n''']", '3:3'],
    ['hints = ["""a\n{}"""]', '2:1'],
    ['hints = ["""\\\n   {}"""]', '2:4'],
    ['hints = ["""a \\\n\n   b {}"""]', '3:6'],
    ['hints = ["""\r\nx {}"""]', '2:3'],
    ['[env.defaults]\nA = "1"\nB   =   "x{y.z}"', '3:11'],
    ['[health]\nurl = "http://{}/"', '2:15'],
    ['[[health.checks]]\nurl = "http://a/"\n[health.checks.headers]\nX = "{0}"', '4:6'],
    ['[services.x]\ncheck_url = "{!}"', '2:14'],
    ['env.defaults.X = "{}"', '1:19'],
    ['env = { defaults = { X = "{}" } }', '1:27'],
  ])('in %j is %s', (text, where) => {
    expect(said(manifest(text).problems)).toEqual([`error template ${file}:${where}`])
  })
})

describe('docker-compose.yml', () => {
  const compose = 'stacklets/photos/docker-compose.yml'

  it.each([
    'services:\n  web:\n    image: nginx\n',
    'services: {}\n',
    'name: x\nservices:\n  a: !reset null\n',
    'x-base: &base {restart: always}\nservices:\n  a:\n    <<: *base\n',
  ])('is fine as %j', (text) => {
    expect(manifest('', 'photos', { compose: text }).problems).toEqual([])
  })

  it.each([
    ['services:\n  web:\n   image: a\n  - b\n', `error compose ${compose}:4:1`],
    ['services:\n\tweb: x\n', `error compose ${compose}:2:1`],
    ['a: "x\n', `error compose ${compose}:2:1`],
    ['a: 1\na: 2\n', `error compose ${compose}:2:1`],
    ['', `error compose ${compose}`],
    ['- a\n', `error compose ${compose}`],
  ])('is refused as %j', (text, where) => {
    const { problems } = manifest('', 'photos', { compose: text })

    expect(said(problems)[0]).toBe(where)
    expect(problems[0]?.about).toBe('photos')
  })

  it('is complained about once where one wrong indentation makes every line after it wrong', () => {
    const text = 'services:\n  web:\n    env_file: .env\n   image: nginx\n    init: true\n    restart: always\n'
    const { problems } = manifest('', 'photos', { compose: text })

    expect(theOnly(problems)).toMatchObject({ hint: expect.stringContaining('indent'), at: { line: 4 } })
  })

  it.each(['compose.yaml', 'compose.yml', 'docker-compose.yaml'])('is not called %s', (name) => {
    const { problems } = manifest('', 'photos', { files: { [name]: 'x' } })

    expect(theOnly(problems)).toMatchObject({ level: 'warning', hint: 'rename it to docker-compose.yml' })
  })
})
