import { describe, expect, it } from 'vitest'
import { document } from './given.ts'
import { said, theOnly } from './said.ts'

describe('desired.toml', () => {
  it.each([[null], [''], ['[reconcile]\ninterval = "1m"'], ['[stacklets]']])(
    'is empty without stacklets: %j',
    (text) => {
      const read = document(text)

      expect(read.isEmpty).toBe(true)
      expect(read.entries).toEqual([])
      expect(read.problems).toEqual([])
    },
  )

  it('is not empty when all it says is that something leaves', () => {
    expect(document('[stacklets.photos]\nstate = "absent"').isEmpty).toBe(false)
  })

  it('keeps a steady pace unless told otherwise', () => {
    expect(document('').pace).toEqual({
      intervalMs: 300_000,
      schedule: '0 0 3 * * *',
      concurrency: 4,
      holdMs: 86_400_000,
      prune: 'down',
      selfHeal: true,
      onFailure: 'rollback',
      maxRemovals: 3,
    })
  })

  it('reads the pace', () => {
    const read = document(`
[reconcile]
interval = "30s"
schedule = "0 0 4 * * *"
concurrency = 1
hold = "0s"
prune = "keep"
self_heal = false
on_failure = "keep"
max_removals = 0
`)

    expect(read.problems).toEqual([])
    expect(read.pace).toEqual({
      intervalMs: 30_000,
      schedule: '0 0 4 * * *',
      concurrency: 1,
      holdMs: 0,
      prune: 'keep',
      selfHeal: false,
      onFailure: 'keep',
      maxRemovals: 0,
    })
  })

  it('reads every key of a stacklet', () => {
    const read = document(`
[stacklets.photos]
state = "paused"
requires = ["core", "docs"]
[stacklets.photos.env]
UPLOAD_LIMIT = "2G"
[stacklets.photos.update]
channel = "patch"
window = "Sat,Sun 03:00-05:00"
min_age = "3d"
include = "^\\\\d+-alpine$"
exclude = "rc"
snapshot = true
verify = "cosign"
verify_log = false
[stacklets.photos.drift]
ignore = ["HostConfig.Memory"]
[[stacklets.photos.route]]
host = "photos.home.internal"
path = "/x"
strip = false
service = "web"
port = 8080
tls = "internal"
[stacklets.photos.backup]
method = "snapshot"
schedule = "0 0 2 * * *"
keep = 7
target = "/srv/backup"
recipients = ["age1x"]
`)

    expect(read.problems).toEqual([])
    expect(read.entries).toMatchObject([
      {
        id: 'photos',
        at: { line: 2, column: 12 },
        state: 'paused',
        requires: [
          { id: 'core', at: { line: 4, column: 13 } },
          { id: 'docs', at: { line: 4, column: 21 } },
        ],
        env: { UPLOAD_LIMIT: { text: '2G', at: { line: 6, column: 16 } } },
        driftIgnore: ['HostConfig.Memory'],
        update: {
          whole: {
            channel: 'patch',
            window: 'Sat,Sun 03:00-05:00',
            minAgeMs: 259_200_000,
            include: '^\\d+-alpine$',
            exclude: 'rc',
            hold: false,
            snapshot: true,
            verify: 'cosign',
            verifyKey: 'desired/cosign.pub',
            verifyLog: false,
          },
          services: {},
        },
        routes: [
          {
            host: { text: 'photos.home.internal' },
            path: '/x',
            strip: false,
            service: 'web',
            port: 8080,
            tls: 'internal',
          },
        ],
        backup: { method: 'snapshot', schedule: '0 0 2 * * *', keep: 7, target: '/srv/backup', recipients: ['age1x'] },
      },
    ])
  })

  it.each([
    ['[stacklets.photos]', 'desired/desired.toml', 1, 12],
    ['[stacklets]\nphotos = {}', 'desired/desired.toml', 2, 1],
    ['[stacklets]\nphotos.state = "running"', 'desired/desired.toml', 2, 1],
    ['stacklets.photos.state = "running"', 'desired/desired.toml', 1, 11],
    ['stacklets = { photos = {} }', 'desired/desired.toml', 1, 15],
    ['[stacklets."photos"]', 'desired/desired.toml', 1, 12],
    ['[stacklets.photos.env]\nA = "1"\n[stacklets.photos]\nstate = "running"', 'desired/desired.toml', 3, 12],
  ])('declares photos with %j, and knows where', (text, file, line, column) => {
    const read = document(text)

    expect(read.problems).toEqual([])
    expect(read.entries).toMatchObject([{ id: 'photos', state: 'running', at: { file, line, column } }])
  })

  it.each(['running', 'stopped', 'paused', 'absent'])('knows the state %s', (state) => {
    expect(document(`[stacklets.a]\nstate = "${state}"`).entries[0]?.state).toBe(state)
  })

  it.each([
    ['runing', 'did you mean "running"?'],
    ['Running', 'did you mean "running"?'],
    ['stoped', 'did you mean "stopped"?'],
    ['abesnt', 'did you mean "absent"?'],
    ['puased', 'did you mean "paused"?'],
    ['on', 'change the value, or take the line out'],
    ['', 'change the value, or take the line out'],
  ])('refuses the state %j: %s', (state, hint) => {
    const problem = theOnly(document(`[stacklets.a]\nstate = "${state}"`).problems)

    expect(problem).toMatchObject({ code: 'value', hint, about: null, at: { line: 2, column: 9 } })
    expect(problem.message).toBe(`stacklets.a.state must be "running", "stopped", "paused" or "absent", not "${state}"`)
  })

  it.each([
    ['"2G"', '2G'],
    ['""', ''],
    ['3', '3'],
    ['1_000', '1000'],
    ['0x1F', '31'],
    ['-7', '-7'],
    ['1.50', '1.50'],
    ['true', 'true'],
    ['false', 'false'],
    ["'''a\nb'''", 'a\nb'],
    ['"größe 😀"', 'größe 😀'],
    [`'{{"json": true}}'`, '{{"json": true}}'],
  ])('takes %s into the environment as %j', (written, text) => {
    const read = document(`[stacklets.a.env]\nX = ${written}\n`)

    expect(read.problems).toEqual([])
    expect(read.entries[0]?.env['X']?.text).toBe(text)
  })

  it.each([
    [
      'X = [1]',
      'error type desired/desired.toml:2:5',
      'stacklets.a.env.X must be text, a number or true or false, not a list',
    ],
    ['X = {a = 1}', 'error type desired/desired.toml:2:5', /not a table$/],
    ['X = 1979-05-27', 'error type desired/desired.toml:2:5', /not a date$/],
    ['X.Y = 1', 'error type desired/desired.toml:2:1', /not a table$/],
    ['"X-Y" = 1', 'error value desired/desired.toml:2:1', '"X-Y" is not the name of an environment variable'],
    ['"" = 1', 'error value desired/desired.toml:2:1', '"" is not the name of an environment variable'],
    ['1X = 1', 'error value desired/desired.toml:2:1', '"1X" is not the name of an environment variable'],
    ['X = "{x!r}"', 'error template desired/desired.toml:2:6', '{x!r} asks for a conversion'],
    ['X = "a{"', 'error template desired/desired.toml:2:7', 'a { that is never closed'],
    ['__proto__ = "x"', 'error value desired/desired.toml:2:1', 'the name __proto__ cannot be used'],
    ['X = "a\\u0000b"', 'error value desired/desired.toml:2:5', 'a text cannot hold a NUL character'],
  ])('refuses the environment %s', (line, where, message) => {
    const problem = theOnly(document(`[stacklets.a.env]\n${line}\n`).problems)

    expect(said([problem])).toEqual([where])
    expect(problem.message).toMatch(message)
  })

  it.each([
    ['[reconcile]\ninterval = "5q"', 'error value desired/desired.toml:2:12'],
    ['[reconcile]\ninterval = "0s"', 'error value desired/desired.toml:2:12'],
    ['[reconcile]\nschedule = "x"', 'error value desired/desired.toml:2:12'],
    ['[reconcile]\nconcurrency = 0', 'error value desired/desired.toml:2:15'],
    ['[reconcile]\nconcurrency = "4"', 'error type desired/desired.toml:2:15'],
    ['[reconcile]\nhold = 24', 'error type desired/desired.toml:2:8'],
    ['[reconcile]\nprune = "delete"', 'error value desired/desired.toml:2:9'],
    ['[reconcile]\nself_heal = "no"', 'error type desired/desired.toml:2:13'],
    ['[reconcile]\non_failure = "panic"', 'error value desired/desired.toml:2:14'],
    ['[reconcile]\nmax_removals = -1', 'error value desired/desired.toml:2:16'],
    ['[reconcile]\nintervall = "5m"', 'error unknown-key desired/desired.toml:2:1'],
    ['[stacklets.a]\nrequires = "core"', 'error type desired/desired.toml:2:12'],
    ['[stacklets.a]\nrequires = [\n  "core",\n  1,\n]', 'error type desired/desired.toml:4:3'],
    ['[stacklets.a]\nenv = "x"', 'error type desired/desired.toml:2:7'],
    ['[stacklets]\na = "running"', 'error type desired/desired.toml:2:5'],
    ['[stacklets.a]\nrequries = []', 'error unknown-key desired/desired.toml:2:1'],
    ['[stacklets.a.update]\nchannel = "latest"', 'error value desired/desired.toml:2:11'],
    ['[stacklets.a.update]\nwindow = "at night"', 'error value desired/desired.toml:2:10'],
    ['[stacklets.a.update]\nmin_age = "old"', 'error value desired/desired.toml:2:11'],
    ['[stacklets.a.update]\ninclude = "("', 'error value desired/desired.toml:2:11'],
    ['[stacklets.a.update]\nchanel = "patch"', 'error unknown-key desired/desired.toml:2:1'],
    ['[stacklets.a.drift]\nignores = []', 'error unknown-key desired/desired.toml:2:1'],
    ['[[stacklets.a.route]]\npath = "wiki"', 'error value desired/desired.toml:2:8'],
    ['[stacklets.a.route]\nhost = 1', 'error type desired/desired.toml:2:8'],
    ['[stacklets.a]\nroute = 1', 'error type desired/desired.toml:2:9'],
    ['[stacklets.a.route]\nprot = 1', 'error unknown-key desired/desired.toml:2:1'],
    ['[[stacklets.a.route]]\nhost = "x"\nprot = 1', 'error unknown-key desired/desired.toml:3:1'],
    ['[stacklets.a.backup]\nkep = 1', 'error unknown-key desired/desired.toml:2:1'],
    ['[stacklet.a]', 'error unknown-key desired/desired.toml:1:2'],
    ['[stacks.web]\ndefinition = "x"', 'error not-supported desired/desired.toml:1:9'],
    ['[apps.erp]\nimage = "x"', 'error not-supported desired/desired.toml:1:7'],
    ['[stacklets.constructor]\nfoo = 1', 'error unknown-key desired/desired.toml:2:1'],
  ])('refuses %j', (text, where) => {
    const read = document(text)

    expect(said(read.problems)).toEqual([where])
    expect(theOnly(read.problems).about).toBeNull()
  })

  it.each([
    ['[stacklet.a]', 'did you mean "stacklets"?'],
    ['[reconcil]', 'did you mean "reconcile"?'],
    ['[stacklets.a]\nstat = "running"', 'did you mean "state"?'],
    ['[stacklets.a]\nenviron = {}', 'take it out; known here: state, requires, env, update, drift, route, backup'],
    ['[stacklets.a.update]\nminage = "3d"', 'did you mean "min_age"?'],
    ['[reconcile]\nprune = "destory"', 'did you mean "destroy"?'],
  ])('helps with %j', (text, hint) => {
    expect(theOnly(document(text).problems).hint).toBe(hint)
  })

  it('checks the keys of stacks and apps too, and says that they wait', () => {
    const read = document('[stacks.web]\ndefinitoin = "x"\n[apps.erp]\nimage = "x"\nprt = 1\nstate = "up"\n')

    expect(said(read.problems)).toEqual([
      'error not-supported desired/desired.toml:1:9',
      'error unknown-key desired/desired.toml:2:1',
      'error not-supported desired/desired.toml:3:7',
      'error unknown-key desired/desired.toml:5:1',
      'error value desired/desired.toml:6:9',
    ])
    expect(read.problems[0]?.message).toBe('[stacks.web] cannot be deployed yet')
  })

  it('names every mistake at once and keeps what is right', () => {
    const read = document(`[reconcile]
interval = "5q"
concurrency = 2

[stacklets.photos]
state = "runing"
requires = ["core", 7, "docs"]

[stacklets.docs]
stat = "stopped"
[stacklets.docs.env]
A = "ok"
B = []
`)

    expect(said(read.problems)).toEqual([
      'error value desired/desired.toml:2:12',
      'error value desired/desired.toml:6:9',
      'error type desired/desired.toml:7:21',
      'error unknown-key desired/desired.toml:10:1',
      'error type desired/desired.toml:13:5',
    ])
    expect(read.pace.concurrency).toBe(2)
    expect(read.entries.map((entry) => entry.id)).toEqual(['photos', 'docs'])
    expect(read.entries[0]?.requires).toMatchObject([
      { id: 'core', at: { line: 7, column: 13 } },
      { id: 'docs', at: { line: 7, column: 24 } },
    ])
    expect(Object.keys(read.entries[1]?.env ?? {})).toEqual(['A'])
  })
})
