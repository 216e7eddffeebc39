import { describe, expect, it } from 'vitest'
import { parseSettings } from '../../reconciler/definitions/parse-settings.ts'
import { settings } from './given.ts'
import { said, theOnly } from './said.ts'

const defaults = {
  core: {
    name: 'stack',
    host: null,
    domain: '',
    https: false,
    dataDir: '/home/ada/stack-data',
    timezone: 'UTC',
    language: null,
  },
  updates: { schedule: '0 0 3 * * *', write: null, keepDays: 14 },
  git: { remote: null, branch: null, intervalMs: 60_000, verify: 'none' },
  ports: { start: 8100, end: 8999 },
  hooks: { timeoutMs: 1_200_000 },
  caddy: { admin: null, httpPort: 80, httpsPort: 443, email: null, staging: false, acmeCa: null, acmeCaRoot: null },
  tables: {},
}

describe('stack.toml', () => {
  it.each([[null], [''], ['# nothing yet\n'], ['\ufeff']])('has defaults for everything: %j', (text) => {
    expect(parseSettings(text, 'stack.toml', '/home/ada')).toEqual({
      settings: defaults,
      problems: [],
      acmeRootAt: expect.anything(),
    })
  })

  it('reads every key of ours', () => {
    const read = settings(`
[core]
name = "home"
host = "box"
domain = "home.internal"
https = true
data_dir = "/srv/data"
timezone = "Europe/Berlin"
language = "de"
runtime = "orbstack"
stack_owner = "ada"

[updates]
schedule = "0 30 4 * * 1"
write = "branch"

[git]
remote = "origin"
branch = "main"
interval = "2m"
verify = "signed"

[host]
zone = "cellar"
user = "ada"
groups = ["a", "b"]

[hooks]
timeout = "1h"

[caddy]
admin = "localhost:2019"
email = "ada@home.internal"
acme_ca = "https://ca.home.internal/acme/acme/directory"

[ports]
start = 9000
end = 9100
`)

    expect(read.problems).toEqual([])
    expect(read.settings).toMatchObject({
      core: {
        name: 'home',
        host: 'box',
        domain: 'home.internal',
        https: true,
        dataDir: '/srv/data',
        timezone: 'Europe/Berlin',
        language: 'de',
      },
      updates: { schedule: '0 30 4 * * 1', write: 'branch', keepDays: 14 },
      git: { remote: 'origin', branch: 'main', intervalMs: 120_000, verify: 'signed' },
      hooks: { timeoutMs: 3_600_000 },
      caddy: {
        admin: 'localhost:2019',
        email: 'ada@home.internal',
        acmeCa: 'https://ca.home.internal/acme/acme/directory',
      },
      ports: { start: 9000, end: 9100 },
      tables: { host: { zone: 'cellar', user: 'ada', groups: ['a', 'b'] } },
    })
  })

  it('keeps every other table as it is', () => {
    const read = settings(
      '[ai]\ndefault = "qwen"\ncount = 3\n[ai.models]\nchat = "x"\n[messages]\nserver_name = "home"\n',
    )

    expect(read.problems).toEqual([])
    expect(read.settings.tables).toEqual({
      ai: { default: 'qwen', count: 3, models: { chat: 'x' } },
      messages: { server_name: 'home' },
    })
  })

  it.each([
    ['', '/home/ada/stack-data'],
    ['name = "famstack"', '/home/ada/famstack-data'],
    ['data_dir = ""', '/home/ada/stack-data'],
    ['data_dir = "~"', '/home/ada'],
    ['data_dir = "~/family data"', '/home/ada/family data'],
    ['data_dir = "/srv/data/"', '/srv/data'],
    ['data_dir = "/srv/~x"', '/srv/~x'],
  ])('with %j keeps data in %s', (line, dataDir) => {
    const read = settings(`[core]\n${line}\n`)

    expect(read.settings.core.dataDir).toBe(dataDir)
    expect(read.problems).toEqual([])
  })

  it.each([
    ['"data"', 'must begin with / or ~/'],
    ['"./data"', 'must begin with / or ~/'],
    ['"~bob/data"', 'must begin with / or ~/'],
    ['"/srv/../etc"', 'must not lead upwards with ..'],
    ['"/"', 'must be a folder of its own'],
    ['"//"', 'must be a folder of its own'],
  ])('refuses the data_dir %s: %s', (written, fault) => {
    const read = settings(`[core]\ndata_dir = ${written}\n`)

    expect(theOnly(read.problems)).toMatchObject({
      code: 'value',
      message: `core.data_dir ${fault}, not ${written}`,
      at: { line: 2, column: 12 },
    })
    expect(read.settings.core.dataDir).toBe('/home/ada/stack-data')
  })

  it.each([
    ['[core]\nname = 3', 'error type stack.toml:2:8', 'core.name must be text, not 3'],
    ['[core]\nname = "a/b"', 'error value stack.toml:2:8', 'core.name must be a name without slashes, not "a/b"'],
    ['[core]\nhttps = "yes"', 'error type stack.toml:2:9', 'core.https must be true or false, not text'],
    ['[core]\nhost = "a b"', 'error value stack.toml:2:8', /^core\.host must be a host name/],
    ['[core]\nhost = "../x"', 'error value stack.toml:2:8', /^core\.host must be a host name/],
    ['[core]\ndomain = "http://x"', 'error value stack.toml:2:10', /^core\.domain must be a bare domain/],
    [
      '[core]\ntimezone = "Mars/Base"',
      'error value stack.toml:2:12',
      'core.timezone must be a time zone, not "Mars/Base"',
    ],
    ['[core]\ntimezone = "europe/berlin"', 'error value stack.toml:2:12', /must be a time zone/],
    ['[core]\ntimezone = 1', 'error type stack.toml:2:12', 'core.timezone must be text, not 1'],
    ['core = 1', 'error type stack.toml:1:8', 'core must be a table, not 1'],
    ['domain = "x"', 'error type stack.toml:1:10', 'domain must stand in a table, not text'],
    ['[[ai]]\nx = 1', 'error type stack.toml:1:3', 'ai must stand in a table, not a list'],
    ['[updates]\nschedule = "0 0 31 2 *"', 'error value stack.toml:2:12', /must be a cron line/],
    ['[updates]\nschedule = "nightly"', 'error value stack.toml:2:12', /must be a cron line/],
    ['[updates]\nschedule = "0 0 3 * * * 2030"', 'error value stack.toml:2:12', /must be a cron line/],
    [
      '[updates]\nwrite = "pull"',
      'error value stack.toml:2:9',
      'updates.write must be "push", "commit", "branch" or "off", not "pull"',
    ],
    ['[git]\ninterval = "60"', 'error value stack.toml:2:12', /^git\.interval must be a duration/],
    ['[git]\ninterval = 60', 'error type stack.toml:2:12', 'git.interval must be text, not 60'],
    ['[git]\ninterval = "0s"', 'error value stack.toml:2:12', /must be longer than nothing/],
    ['[git]\nverify = "gpg"', 'error value stack.toml:2:10', /^git\.verify must be "none" or "signed"/],
    ['[hooks]\ntimeout = "soon"', 'error value stack.toml:2:11', /^hooks\.timeout must be a duration/],
    ['[ports]\nstart = 0', 'error value stack.toml:2:9', 'ports.start must be 1 or more, not 0'],
    ['[ports]\nend = 65536', 'error value stack.toml:2:7', 'ports.end must be 65535 or less, not 65536'],
    ['[ports]\nend = 80.5', 'error type stack.toml:2:7', 'ports.end must be a whole number, not 80.5'],
    ['[ports]\nstart = 9\nend = 8', 'error value stack.toml:3:7', 'ports.end must not be below ports.start (9), not 8'],
    ['[host]\ngroups = "a"', 'error type stack.toml:2:10', 'host.groups must be a list, not text'],
    ['[host]\ngroups = ["a", 1]', 'error type stack.toml:2:16', 'host.groups[1] must be text, not 1'],
    ['[caddy]\nadmin = 1979-05-27', 'error type stack.toml:2:9', 'caddy.admin must be text, not a date'],
    ['[caddy]\nacme_ca = "ca.lan"', 'error value stack.toml:2:11', /must be the https address of an ACME directory/],
    ['[caddy]\nacme_ca = "http://ca.lan/d"', 'error value stack.toml:2:11', /must be the https address/],
    ['[caddy]\nacme_ca = "https://ca.lan"', 'error value stack.toml:2:11', /must be the https address/],
    [
      '[caddy]\nacme_ca = "https://ca.lan/d"\nstaging = true',
      'error value stack.toml:3:11',
      'caddy.staging is for the public authority, and caddy.acme_ca names another one',
    ],
    [
      '[caddy]\nacme_ca_root = "root.crt"',
      'error value stack.toml:2:16',
      'caddy.acme_ca_root is the root of no authority',
    ],
    [
      '[caddy]\nadmin = "localhost:2019"\nacme_ca = "https://ca.lan/d"\nacme_ca_root = "root.crt"',
      'error value stack.toml:4:16',
      'caddy.acme_ca_root is for a Caddy of ours, and caddy.admin names another one',
    ],
    [
      '[caddy]\nacme_ca = "https://ca.lan/d"\nacme_ca_root = "/etc/root.crt"',
      'error value stack.toml:3:16',
      'caddy.acme_ca_root must be a file of this repository, not "/etc/root.crt"',
    ],
    ['[caddy]\nacme_ca = "https://ca.lan/d"\nacme_ca_root = "../x"', 'error value stack.toml:3:16', /a file of this/],
  ])('refuses %j', (text, where, message) => {
    const problem = theOnly(settings(text).problems)

    expect(said([problem])).toEqual([where])
    expect(problem.message).toMatch(message)
    expect(problem.about).toBeNull()
  })

  it.each([
    ['[core]\ntimezon = "UTC"', 'stack.toml:2:1', 'did you mean "timezone"?'],
    ['[core]\ndatadir = "/x"', 'stack.toml:2:1', 'did you mean "data_dir"?'],
    ['core.nmae = "x"', 'stack.toml:1:6', 'did you mean "name"?'],
    ['core = { nmae = "x" }', 'stack.toml:1:10', 'did you mean "name"?'],
    ['[updates]\ncron = "x"', 'stack.toml:2:1', 'take it out; known here: schedule, write, keep'],
    ['[git]\n  branhc = "x"', 'stack.toml:2:3', 'did you mean "branch"?'],
    ['[hooks]\ntime_out = "5m"', 'stack.toml:2:1', 'did you mean "timeout"?'],
    ['[ports]\nfrom = 1', 'stack.toml:2:1', 'take it out; known here: start, end'],
  ])('knows its keys: %j', (text, where, hint) => {
    const { problems } = settings(text)

    expect(said(problems)).toEqual([`error unknown-key ${where}`])
    expect(theOnly(problems).hint).toBe(hint)
  })

  it.each([
    ['[core]\ntimezone = "Europe/Belin"', 'did you mean "Europe/Berlin"?'],
    ['[core]\ntimezone = "europe/berlin"', 'did you mean "Europe/Berlin"?'],
    ['[core]\ntimezone = "utc"', 'did you mean "UTC"?'],
    ['[updates]\nschedule = "0 0 31 2 *"', 'there is no such day: choose one that comes'],
    ['[updates]\nwrite = "psh"', 'did you mean "push"?'],
    ['[core]\ndomain = "https://home.internal/"', 'write only the name, without http:// or paths'],
  ])('helps with %j', (text, hint) => {
    expect(theOnly(settings(text).problems).hint).toBe(hint)
  })

  it.each(['0 0 3 * * *', '0 3 * * *', '@daily', '*/10 * * * * *'])('accepts the schedule %j', (schedule) => {
    expect(settings(`[updates]\nschedule = "${schedule}"`).problems).toEqual([])
  })

  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'US/Pacific', 'Etc/GMT+5'])(
    'accepts the time zone %s',
    (timezone) => {
      expect(settings(`[core]\ntimezone = "${timezone}"`).problems).toEqual([])
    },
  )

  it.each([
    ['[update]\nschedule = "0 0 3 * * *"', ['warning unknown-key stack.toml:1:2']],
    ['[Core]\nname = "x"', ['warning unknown-key stack.toml:1:2']],
    ['[update]\ncolour = "red"', []],
    ['[code]\nname = "x"', []],
    ['[constructor]\nname = "x"', []],
  ])('warns of a table that is meant to be ours: %j', (text, expected) => {
    expect(said(settings(text).problems)).toEqual(expected)
  })

  it('names every mistake at once, from top to bottom, and keeps what is right', () => {
    const read = settings(
      '[core]\nname = 1\ntimezone = "Nowhere"\nhttps = true\nfoo = 1\n[git]\ninterval = "x"\nverfy = "none"\n',
    )

    expect(said(read.problems)).toEqual([
      'error type stack.toml:2:8',
      'error value stack.toml:3:12',
      'error unknown-key stack.toml:5:1',
      'error value stack.toml:7:12',
      'error unknown-key stack.toml:8:1',
    ])
    expect(read.settings.core).toMatchObject({ name: 'stack', timezone: 'UTC', https: true })
  })
})
