import { describe, expect, it } from 'vitest'
import type { Digest, Revision } from '../../reconciler/model/names.ts'
import { envOf, resolve, secrets } from './given.ts'
import { said, theOnly } from './said.ts'

const listed = (...ids: readonly string[]) => ids.map((id) => `[stacklets.${id}]\n`).join('')

describe('resolveDesired', () => {
  it('answers what must be true, by id, and what lies there undeclared', () => {
    const desired = resolve(
      {
        desired: listed('photos', 'core'),
        settings: '[core]\nname = "home"\n',
        users: '[[users]]\nname = "Ada"\n',
        stacklets: { docs: '', core: '', photos: 'port = 42010', attic: '' },
      },
      { revision: 'r1' as Revision, dirty: true, approvals: ['abc123' as Digest] },
    )

    expect(desired).toMatchObject({ host: 'box', revision: 'r1', dirty: true, approvals: ['abc123'], isEmpty: false })
    expect(desired.stacklets.map(({ id, state, url, project }) => ({ id, state, url, project }))).toEqual([
      { id: 'core', state: 'running', url: null, project: null },
      { id: 'photos', state: 'running', url: 'http://10.0.0.5:42010', project: null },
    ])
    expect(desired.undeclared.map((stacklet) => stacklet.id)).toEqual(['attic', 'docs'])
    expect(desired.settings.core.name).toBe('home')
    expect(desired.users.map((user) => user.id)).toEqual(['ada'])
    expect(desired.problems).toEqual([])
  })

  it.each([[null], [''], ['[reconcile]\n']])('is empty for %j, which removes nothing', (text) => {
    const desired = resolve({ desired: text, stacklets: { core: '' } })

    expect(desired.isEmpty).toBe(true)
    expect(desired.stacklets).toEqual([])
    expect(desired.undeclared).toHaveLength(1)
  })

  it('is the same for the same texts in any order', () => {
    const stacklets = { core: '', photos: 'requires = ["core"]' }
    const turned = { photos: 'requires = ["core"]', core: '' }

    const one = resolve({ desired: listed('core', 'photos'), stacklets })
    const other = resolve({ desired: listed('photos', 'core'), stacklets: turned })

    const withoutLines = (desired: typeof one) => JSON.stringify(desired).replaceAll(/"line":\d+/g, '')
    expect(withoutLines(one)).toBe(withoutLines(other))
  })
})

describe('an entry of desired.toml', () => {
  it.each([
    ['[stacklets.phtos]', 'error unknown-stacklet desired/desired.toml:1:12', 'did you mean "photos"?'],
    [
      '[stacklets.nothing]\nstate = "stopped"',
      'error unknown-stacklet desired/desired.toml:1:12',
      /^add stacklets\/nothing\//,
    ],
    ['[stacklets.up]', 'error reserved-id desired/desired.toml:1:12', /another name/],
    ['[stacklets.Photos]', 'error bad-id desired/desired.toml:1:12', 'did you mean "photos"?'],
    ['[stacklets."a/../b"]', 'error bad-id desired/desired.toml:1:12', /^use lower case/],
    ['[stacklets.".."]', 'error bad-id desired/desired.toml:1:12', /^use lower case/],
  ])('must name a stacklet: %j', (text, where, hint) => {
    const desired = resolve({ desired: text, stacklets: { photos: '', core: '' } })

    expect(said(desired.problems)).toEqual([where])
    expect(theOnly(desired.problems).hint).toMatch(hint)
    expect(theOnly(desired.problems).about).toBeNull()
    expect(desired.stacklets).toEqual([])
  })

  it('may be absent without a directory: it is on its way out', () => {
    const desired = resolve({ desired: '[stacklets.old]\nstate = "absent"\n', stacklets: {} })

    expect(desired.problems).toEqual([])
    expect(desired.stacklets).toEqual([])
    expect(desired.isEmpty).toBe(false)
  })
})

describe('requires', () => {
  it("is the manifest's and desired.toml's, once each, sorted", () => {
    const desired = resolve({
      desired: `${listed('core', 'db')}[stacklets.photos]\nrequires = ["db", "core"]\n`,
      stacklets: { core: '', db: '', photos: 'requires = ["core"]' },
    })

    expect(desired.stacklets.find(({ id }) => id === 'photos')?.requires).toEqual(['core', 'db'])
    expect(desired.problems).toEqual([])
  })

  const manifestAt = 'stacklets/photos/stacklet.toml:1:13'

  it.each([
    [
      'not listed',
      listed('photos'),
      'requires = ["core"]',
      `error requires-missing ${manifestAt}`,
      'photos requires core, which desired/desired.toml does not list',
    ],
    [
      'stopped',
      `${listed('photos')}[stacklets.core]\nstate = "stopped"`,
      'requires = ["core"]',
      `error requires-not-running ${manifestAt}`,
      'photos requires core, which is declared stopped',
    ],
    [
      'absent',
      `${listed('photos')}[stacklets.core]\nstate = "absent"`,
      'requires = ["core"]',
      `error requires-not-running ${manifestAt}`,
      'photos requires core, which is declared absent',
    ],
    [
      'unknown',
      listed('photos'),
      'requires = ["cor"]',
      `error requires-missing ${manifestAt}`,
      'photos requires cor, which does not exist',
    ],
    [
      'absent and gone',
      `${listed('photos')}[stacklets.old]\nstate = "absent"`,
      'requires = ["old"]',
      `error requires-not-running ${manifestAt}`,
      'photos requires old, which is declared absent',
    ],
    [
      'not listed, asked for in desired.toml',
      '[stacklets.photos]\nrequires = ["core"]',
      '',
      'error requires-missing desired/desired.toml:2:13',
      'photos requires core, which desired/desired.toml does not list',
    ],
  ])('something %s is an error of the whole run', (_, text, toml, where, message) => {
    const desired = resolve({ desired: text, stacklets: { core: '', photos: toml } })

    expect(said(desired.problems)).toEqual([where])
    expect(theOnly(desired.problems)).toMatchObject({ message, about: null })
  })

  it.each([
    ['stopped', 'stopped'],
    ['absent', 'stopped'],
    ['absent', 'absent'],
    ['paused', 'stopped'],
    ['running', 'running'],
    ['running', 'paused'],
  ])('of a %s stacklet is content with a %s one', (state, required) => {
    const desired = resolve({
      desired: `[stacklets.photos]\nstate = "${state}"\n[stacklets.core]\nstate = "${required}"\n`,
      stacklets: { core: '', photos: 'requires = ["core"]' },
    })

    expect(desired.problems).toEqual([])
  })

  it('says what to run for what is not listed', () => {
    const desired = resolve({ desired: listed('photos'), stacklets: { core: '', photos: 'requires = ["core"]' } })

    expect(theOnly(desired.problems).hint).toBe('run stack up core, or add [stacklets.core] to desired/desired.toml')
  })

  it.each([
    [{ a: '["a"]' }, ['a → a']],
    [{ a: '["b"]', b: '["a"]' }, ['a → b → a']],
    [{ c: '["a"]', a: '["b"]', b: '["c"]' }, ['a → b → c → a']],
    [{ a: '["b"]', b: '["a"]', c: '["d"]', d: '["c"]' }, ['a → b → a', 'c → d → c']],
    [{ a: '["b"]', b: '[]', c: '["b"]' }, []],
  ])('in a circle is named as a path: %j', (requires, cycles) => {
    const stacklets = Object.fromEntries(Object.entries(requires).map(([id, list]) => [id, `requires = ${list}`]))

    const desired = resolve({ desired: listed(...Object.keys(requires)), stacklets })

    expect(desired.problems.map(({ message }) => message)).toEqual(
      cycles.map((path) => `these wait for one another: ${path}`),
    )
    for (const problem of desired.problems) {
      expect(problem).toMatchObject({ code: 'cycle', about: null, at: { line: 1, column: 13 } })
    }
  })

  it('in a circle through desired.toml is found there', () => {
    const desired = resolve({
      desired: '[stacklets.a]\nrequires = ["b"]\n[stacklets.b]\n',
      stacklets: { a: '', b: 'requires = ["a"]' },
    })

    expect(said(desired.problems)).toEqual(['error cycle desired/desired.toml:2:13'])
  })

  it('asks nothing of what is not declared', () => {
    expect(
      resolve({ desired: listed('core'), stacklets: { core: '', a: 'requires = ["nope", "a"]' } }).problems,
    ).toEqual([])
  })
})

describe('the environment', () => {
  const env = (
    manifest: string,
    more: { desired?: string; settings?: string; secrets?: Readonly<Record<string, string>> } = {},
  ) => {
    const desired = resolve(
      { desired: more.desired ?? listed('photos'), settings: more.settings ?? '', stacklets: { photos: manifest } },
      { secrets: secrets(more.secrets ?? {}) },
    )
    const { values = [], missing = [] } = desired.stacklets[0]?.env ?? {}
    return {
      desired,
      values: envOf(desired, 'photos'),
      names: values.map(({ name }) => name),
      missing,
      rendered: values,
    }
  }

  it('has what the host decides', () => {
    expect(env('').values).toEqual({ PORT_BIND_IP: '0.0.0.0', WATCHTOWER_ENABLE: 'false' })
    expect(env('', { settings: '[core]\ndomain = "h.i"' }).values['PORT_BIND_IP']).toBe('127.0.0.1')
    expect(env('[upstream]\nchannel = "patch"').values['WATCHTOWER_ENABLE']).toBe('false')
  })

  it('renders defaults, sorted by name', () => {
    const { values, names } = env('[env.defaults]\nTZ = "{timezone}"\nB = 2\nA = "{data_dir}/{stacklet_id}"\n')

    expect(values).toMatchObject({ TZ: 'UTC', B: '2', A: '/home/ada/stack-data/photos' })
    expect(names).toEqual(['A', 'B', 'PORT_BIND_IP', 'TZ', 'WATCHTOWER_ENABLE'])
  })

  it('puts desired.toml over the defaults', () => {
    const { values } = env('[env.defaults]\nA = "1"\nB = "2"\n', {
      desired: '[stacklets.photos.env]\nB = "{timezone}"\nC = 3\n',
    })

    expect(values).toMatchObject({ A: '1', B: 'UTC', C: '3' })
  })

  it('puts generated secrets over both', () => {
    const { values, missing } = env('[env]\ngenerate = ["P", "Q", "R"]\n[env.defaults]\nP = "default"\n', {
      secrets: { photos__P: 'own', global__P: 'shared', global__Q: 'shared', photos__R: '' },
    })

    expect(values).toMatchObject({ P: 'own', Q: 'shared', R: '' })
    expect(missing).toEqual(['photos__R'])
  })

  it('names secrets without a value in full, each once, sorted', () => {
    const { missing, values } = env(
      'hints = ["log in with {admin_password}"]\n[env]\ngenerate = ["Z", "A"]\n[env.defaults]\nX = "{admin_password}"\nY = "{photos__Z}"\n',
    )

    expect(missing).toEqual(['global__ADMIN_PASSWORD', 'photos__A', 'photos__Z'])
    expect(values).toMatchObject({ X: '', Y: '', A: '', Z: '' })
  })

  it('does not ask for the secrets of others', () => {
    const desired = resolve({
      desired: listed('photos', 'docs'),
      stacklets: { photos: '[env.defaults]\nX = "{docs__TOKEN}"', docs: '[env]\ngenerate = ["TOKEN"]' },
    })

    expect(desired.stacklets.map(({ id, env: { missing } }) => [id, missing])).toEqual([
      ['docs', ['docs__TOKEN']],
      ['photos', []],
    ])
    expect(desired.problems).toEqual([])
  })

  it.each([
    ['"plain"', false],
    ['"{timezone}"', false],
    ['"{admin_email}"', false],
    ['"{nope}"', false],
    ['"{{admin_password}}"', false],
    ['"{admin_password}"', true],
    ['"postgres://x:{photos__P}@db"', true],
    ['"{docs__API_TOKEN}"', true],
    ['"{ai_openai_key}"', true],
  ])('with the value %s has a secret in it: %j', (written, isSecret) => {
    const { rendered } = env(`[env]\ngenerate = ["P"]\n[env.defaults]\nX = ${written}\n`, {
      secrets: { docs__API_TOKEN: 't', photos__P: 'p' },
    })

    expect(rendered.find(({ name }) => name === 'X')?.isSecret).toBe(isSecret)
    expect(rendered.find(({ name }) => name === 'P')?.isSecret).toBe(true)
  })

  it('renders JSON whose braces are doubled', () => {
    const { values, desired } = env(`[env.defaults]\nCONF = '{{"urls": ["{ai_openai_url_docker}"], "o": {{}}}}'\n`)

    expect(values['CONF']).toBe('{"urls": ["http://host.docker.internal:8000/v1"], "o": {}}')
    expect(desired.problems).toEqual([])
  })

  it.each([
    ['A = "{timezon}"', 'warning unknown-variable stacklets/photos/stacklet.toml:2:6', 'did you mean "timezone"?'],
    [
      `A = "a\${TZ}c"`,
      'warning unknown-variable stacklets/photos/stacklet.toml:2:8',
      `write \${{TZ}} to keep \${TZ} as it is`,
    ],
    ['A = "{docs__API_TOKEN}"', 'warning unknown-variable stacklets/photos/stacklet.toml:2:6', /stays empty$/],
  ])('warns of the unknown in %j, and stalls nothing', (line, where, hint) => {
    const { desired } = env(`[env.defaults]\n${line}\n`)

    expect(said(desired.problems)).toEqual([where])
    expect(theOnly(desired.problems).hint).toMatch(hint)
    expect(theOnly(desired.problems).about).toBe('photos')
    expect(desired.stacklets[0]?.problems).toEqual([])
  })

  it('warns of the unknown in desired.toml at its place there', () => {
    const { desired } = env('', { desired: '[stacklets.photos.env]\nA = "x {nope}"\n' })

    expect(said(desired.problems)).toEqual(['warning unknown-variable desired/desired.toml:2:8'])
  })

  it.each([
    ['P = "x"', 'run stack secrets set photos__P'],
    ['PORT_BIND_IP = "::"', 'take it out'],
    ['WATCHTOWER_ENABLE = true', 'take it out'],
  ])('says that %s in desired.toml is not used', (line, hint) => {
    const { desired, values } = env('[env]\ngenerate = ["P"]', {
      desired: `[stacklets.photos.env]\n${line}\n`,
      secrets: { photos__P: 'own' },
    })

    expect(theOnly(desired.problems)).toMatchObject({ level: 'warning', hint, about: 'photos' })
    expect(values).toEqual({ P: 'own', PORT_BIND_IP: '0.0.0.0', WATCHTOWER_ENABLE: 'false' })
  })

  it('says nothing of what a leaving stacklet would have been given', () => {
    expect(
      env('[env.defaults]\nA = "{nope}"', { desired: '[stacklets.photos]\nstate = "absent"' }).desired.problems,
    ).toEqual([])
  })

  it('names what the host adds by value, and shows none of it', () => {
    const inputs = (timezone: string) =>
      env('[env.defaults]\nTZ = "{timezone}"\nA = "1"', { settings: `[core]\ntimezone = "${timezone}"` }).desired
        .stacklets[0]?.inputs

    const one = inputs('UTC')
    const other = inputs('Europe/Berlin')

    expect(Object.keys(one ?? {})).toEqual(['env A', 'env PORT_BIND_IP', 'env TZ', 'env WATCHTOWER_ENABLE'])
    expect(one?.['env TZ']).not.toBe(other?.['env TZ'])
    expect({ ...one, 'env TZ': '' }).toEqual({ ...other, 'env TZ': '' })
    expect(one?.['env TZ']).toMatch(/^[0-9a-f]{16}$/)
  })

  it('shows no secret to a printer', () => {
    const { desired } = env(
      'hints = ["{admin_password}"]\n[env.defaults]\nX = "{admin_password}"\n[health]\nurl = "http://x/?k={admin_password}"',
      {
        secrets: { global__ADMIN_PASSWORD: 'hunter2' },
      },
    )

    expect(JSON.stringify(desired)).not.toContain('hunter2')
    expect(desired.stacklets[0]?.hints).toEqual(['***'])
    expect(desired.stacklets[0]?.health.checks[0]?.label).toBe('http://x/?k={admin_password}')
  })
})

describe('hints', () => {
  it('are rendered for the person who reads them', () => {
    const desired = resolve({
      desired: listed('photos'),
      stacklets: { photos: 'port = 42010\nhints = ["Open {url}", "or {ip}, {{literally}}"]' },
    })

    expect(desired.stacklets[0]?.hints).toEqual(['Open http://10.0.0.5:42010', 'or 10.0.0.5, {literally}'])
  })
})

describe('health', () => {
  const health = (toml: string, more: { settings?: string; secrets?: Readonly<Record<string, string>> } = {}) => {
    const desired = resolve(
      { desired: listed('photos'), settings: more.settings ?? '', stacklets: { photos: toml } },
      { secrets: secrets(more.secrets ?? {}) },
    )
    const probe = desired.stacklets[0]?.health
    const checks = probe?.checks.map(({ url, headers, ...check }) => ({
      ...check,
      url: url.reveal(),
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()])),
    }))
    return { timeoutMs: probe?.timeoutMs, checks }
  }

  it('asks nothing when nothing is declared, within two minutes', () => {
    expect(health('')).toEqual({ timeoutMs: 120_000, checks: [] })
  })

  it('renders addresses and headers', () => {
    const probe = health(
      '[[health.checks]]\nurl = "{url}/ping"\nname = "ping"\nhint = "wait"\npath = "$.a"\nexpect = 1\nheaders = {Authorization = "Bearer {photos__T}", X = "y"}\n',
      { secrets: { photos__T: 't' } },
    )

    expect(probe.checks).toEqual([])
    expect(
      health(
        'port = 42010\n[[health.checks]]\nurl = "{url}/ping"\nname = "ping"\nhint = "wait"\npath = "$.a"\nexpect = 1\nheaders = {Authorization = "Bearer {photos__T}", X = "y"}\n',
        { secrets: { photos__T: 't' } },
      ).checks,
    ).toEqual([
      {
        label: 'ping',
        url: 'http://10.0.0.5:42010/ping',
        headers: { Authorization: 'Bearer t', X: 'y' },
        path: '$.a',
        expect: '1',
        hint: 'wait',
      },
    ])
  })

  it.each([
    ['{ai_openai_url}/models', '[ai]\nopenai_url = ""', null],
    ['{ai_openai_url}/models', '', 'http://localhost:8000/v1/models'],
    ['{nope}', '', null],
    ['http://{domain}/', '', null],
    ['http://{domain}:80/', '', null],
    ['https://{domain}/', '[core]\ndomain = "h.i"', 'https://h.i/'],
    ['http://localhost:1/', '', 'http://localhost:1/'],
  ])('asks %s with %j at %j', (url, toml, expected) => {
    const probe = health(`[health]\nurl = "${url}"`, { settings: toml })

    expect(probe.checks?.map((check) => check.url)).toEqual(expected === null ? [] : [expected])
  })

  it.each([
    ['Bearer {nope}', null],
    ['Token {nope}', null],
    ['Basic {nope}', null],
    ['{nope}', null],
    ['bearer {nope}', null],
    ['Bearer x{nope}', 'Bearer x'],
    ['yes', 'yes'],
  ])('sends the header %j as %j', (value, expected) => {
    const probe = health(`[[health.checks]]\nurl = "http://a/"\nheaders = {Authorization = "${value}"}`)

    expect(probe.checks?.[0]?.headers).toEqual(expected === null ? {} : { Authorization: expected })
  })
})

describe('content', () => {
  const content = (files: Readonly<Record<string, string>>) =>
    resolve({ desired: listed('photos'), stacklets: { photos: '' }, files: { photos: files } }).stacklets[0]?.content

  it.each([
    [{ 'docker-compose.yml': '1' }, { 'docker-compose.yml': '2' }, true],
    [{ 'hooks/on_start.sh': '1' }, {}, true],
    [{ 'config/a.conf': '1' }, { 'config/b.conf': '1' }, true],
    [{ 'a.conf': '1', 'b.conf': '2' }, { 'b.conf': '2', 'a.conf': '1' }, false],
    [{ 'README.md': '1' }, { 'README.md': '2' }, false],
    [{ 'docs/more.md': '1' }, {}, false],
    [{ 'cli/seed.py': '1' }, { 'cli/seed.py': '2' }, false],
    [{ '.env': '1' }, {}, false],
    [{ 'config/.env': '1' }, {}, true],
    [{ 'bot/cli/x.py': '1' }, {}, true],
  ])('of %j and %j differs: %j', (one, other, differs) => {
    expect(content(one) !== content(other)).toBe(differs)
  })

  it('does not depend on the host', () => {
    const texts = { desired: listed('photos'), stacklets: { photos: '[env.defaults]\nTZ = "{timezone}"' } }

    const one = resolve(texts)
    const other = resolve({ ...texts, settings: '[core]\ntimezone = "Europe/Berlin"' }, { address: '10.9.9.9' })

    expect(one.stacklets[0]?.content).toBe(other.stacklets[0]?.content)
  })
})

describe('uncommitted edits', () => {
  it.each([
    [[], null],
    [['desired/desired.toml'], null],
    [['stacklets/photos2/stacklet.toml'], null],
    [['stacklets/photos/README.md', 'stacklets/photos/cli/x.py'], null],
    [['stacklets/photos/docker-compose.yml'], 'uncommitted edits in stacklets/photos (docker-compose.yml)'],
    [['stacklets/photos/a', 'stacklets/photos/hooks/b'], 'uncommitted edits in stacklets/photos (a, hooks/b)'],
    [
      ['a', 'b', 'c', 'd'].map((file) => `stacklets/photos/${file}`),
      'uncommitted edits in stacklets/photos (a, b, c, …)',
    ],
    [['stacklets/photos/'], 'uncommitted edits in stacklets/photos (the whole directory)'],
  ])('in %j: waits for %j', (uncommitted, waitsFor) => {
    const desired = resolve({ desired: listed('photos'), stacklets: { photos: '' } }, { uncommitted })

    expect(desired.stacklets[0]?.waitsFor).toBe(waitsFor)
  })
})

describe('what is wrong in one directory', () => {
  it('stalls a declared stacklet, and is said once', () => {
    const desired = resolve({
      desired: listed('core', 'photos'),
      stacklets: { core: '', photos: 'port = 0\nnope = 1' },
    })

    expect(said(desired.stacklets.find(({ id }) => id === 'photos')?.problems ?? [])).toEqual([
      'error value stacklets/photos/stacklet.toml:1:8',
    ])
    expect(desired.stacklets.find(({ id }) => id === 'core')?.problems).toEqual([])
    expect(said(desired.problems)).toEqual([
      'error value stacklets/photos/stacklet.toml:1:8',
      'warning unknown-key stacklets/photos/stacklet.toml:2:1',
    ])
    expect(desired.problems.every(({ about }) => about === 'photos')).toBe(true)
  })

  it('that cannot be read at all leaves a stacklet that stalls, not one that is gone', () => {
    const desired = resolve({
      desired: '[stacklets.photos]\nstate = "stopped"\nrequires = ["core"]\n[stacklets.core]\n',
      stacklets: { core: '', photos: 'id = \n' },
    })

    expect(
      desired.stacklets.map(({ id, state, requires, stacklet, problems }) => ({
        id,
        state,
        requires,
        name: stacklet.name,
        path: stacklet.path,
        problems: said(problems),
      }))[1],
    ).toEqual({
      id: 'photos',
      state: 'stopped',
      requires: ['core'],
      name: 'photos',
      path: 'stacklets/photos',
      problems: ['error syntax stacklets/photos/stacklet.toml:1:6'],
    })
  })

  it('is only said when nobody declared it', () => {
    const desired = resolve({ desired: listed('core'), stacklets: { core: '', photos: 'id = \n', docs: 'port = 0' } })

    expect(desired.undeclared.map(({ id }) => id)).toEqual(['docs'])
    expect(desired.problems.map(({ code, about }) => [code, about])).toEqual([
      ['value', 'docs'],
      ['syntax', 'photos'],
    ])
  })

  it('is an error of the whole when the name is a command', () => {
    const desired = resolve({ desired: listed('core'), stacklets: { core: '', up: '' } })

    expect(theOnly(desired.problems)).toMatchObject({ code: 'reserved-id', about: null })
  })
})

it('says everything that is wrong with an instance at once, file by file, top to bottom', () => {
  const desired = resolve({
    desired: '[reconcile]\nhold = "x"\n[stacklets.photos]\nstat = "x"\n[stacklets.nope]\n',
    settings: '[core]\ntimezone = "x"\nfoo = 1\n',
    users: '[[users]]\nrole = "x"\n',
    stacklets: {
      photos: 'requires = ["core"]\nport = 0\n[env.defaults]\nA = "{}"\nB = "{nope}"\n',
      core: 'id = "kore"',
    },
    compose: { photos: 'a: [\n' },
  })

  expect(said(desired.problems)).toEqual([
    'error value desired/desired.toml:2:8',
    'error unknown-key desired/desired.toml:4:1',
    'error unknown-stacklet desired/desired.toml:5:12',
    'error value stack.toml:2:12',
    'error unknown-key stack.toml:3:1',
    'error id-mismatch stacklets/core/stacklet.toml:1:6',
    'error compose stacklets/photos/docker-compose.yml:2:1',
    'error requires-missing stacklets/photos/stacklet.toml:1:13',
    'error value stacklets/photos/stacklet.toml:2:8',
    'error template stacklets/photos/stacklet.toml:4:6',
    'warning unknown-variable stacklets/photos/stacklet.toml:5:6',
    'error missing-key users.toml:1:3',
    'error value users.toml:2:8',
  ])
})
