import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../reconciler/adapters/process/run.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { type RunningHost, runningHost } from './support/bad-input.ts'
import { allOf } from './support/containers.ts'
import { expectFailure, inBothWays } from './support/failure.ts'
import { commandLine, type Instance } from './support/instance.ts'

const onEnd = atTheEnd()
let running: RunningHost
let before: Awaited<ReturnType<typeof allOf>>
beforeAll(async () => {
  running = await runningHost({ onEnd })
  before = await allOf(running.host)
})
afterAll(async () => expect(await allOf(running.host)).toEqual(before))

type Usage = readonly [words: string, message: RegExp]

describe('a wrong command line exits 64, says what is wrong, and does nothing', () => {
  const usage: readonly Usage[] = [
    ['frobnicate', /unknown command 'frobnicate'/],
    ['statsu', /unknown command 'statsu'.*[Dd]id you mean status/],
    ['plan --dry-run', /unknown option '--dry-run'/],
    ['reconcile --force', /unknown option '--force'/],
    ['--frob', /unknown option '--frob'/],
    ['status one two', /too many arguments/],
    ['reconcile one', /too many arguments/],
    ['env', /missing required argument 'id'/],
    ['plan --ref', /option '--ref <rev>' argument missing/],
    ['help frobnicate', /unknown command 'frobnicate'/],
  ]

  it.for(usage)('stack %s', async ([words, message]) => {
    const [text, json] = await inBothWays(running.host, {}, words)

    expectFailure(text, json, { exit: 64, code: 'STACK_USAGE', message, hint: /--help/ })
  })

  it('a log level there is not', async () => {
    const [text, json] = await inBothWays(running.host, { STACK_LOG: 'loud' }, 'plan')

    expectFailure(text, json, { exit: 64, code: 'STACK_USAGE', message: /"loud", which is no level/, hint: /trace/ })
  })
})

type Elsewhere = readonly [
  name: string,
  env: Record<string, string | null>,
  code: string,
  message: RegExp,
  hint: RegExp,
]

describe('an engine that cannot be used is named, and the command exits 1', () => {
  const unreachable = 'STACK_ENGINE_UNREACHABLE'
  const refused = 'STACK_ENGINE_REFUSED'
  const engines: readonly Elsewhere[] = [
    ['no socket', { DOCKER_HOST: 'unix:///none.sock' }, unreachable, /unix:\/\/\/none.sock/, /DOCKER_HOST/],
    ['nobody on the port', { DOCKER_HOST: 'tcp://127.0.0.1:1' }, unreachable, /tcp:\/\/127.0.0.1:1/, /DOCKER_HOST/],
    ['over ssh', { DOCKER_HOST: 'ssh://me@host' }, refused, /ssh:\/\/me@host is on another machine/, /that machine/],
    ['of another machine', { DOCKER_HOST: 'tcp://192.0.2.1:2375' }, refused, /tcp:\/\/192.0.2.1:2375/, /that machine/],
    ['a word', { DOCKER_HOST: 'nonsense' }, unreachable, /"nonsense" is no address/, /unix:/],
    ['a lost context', { DOCKER_HOST: null, DOCKER_CONTEXT: 'lost' }, unreachable, /context lost/, /docker context ls/],
  ]

  it.for(engines)('%s', async ([, env, code, message, hint]) => {
    const [text, json] = await inBothWays(running.host, env, 'status')

    expectFailure(text, json, { exit: 1, code, message, hint })
  })

  it.for(['plan', 'reconcile', 'list'])('in stack %s', async (command) => {
    const [text, json] = await inBothWays(running.host, { DOCKER_HOST: 'unix:///none.sock' }, command)

    expectFailure(text, json, { exit: 1, code: unreachable, message: /none.sock/, hint: /systemctl start docker/ })
  })
})

type Words = readonly [words: string, env: Record<string, string>, code: string, message: RegExp, hint: RegExp]

describe('what is asked for and not there is named, and the command exits 1', () => {
  const unknown = 'STACK_UNKNOWN_STACKLET'
  const asked: readonly Words[] = [
    ['env nope', {}, unknown, /there is no stacklet nope/, /stack list/],
    ['status nope', {}, unknown, /there is no stacklet nope/, /stack list/],
    ['plan nope', {}, unknown, /there is no stacklet nope/, /stack list/],
    ['env ../../etc', {}, unknown, /there is no stacklet ..\/..\/etc/, /stack list/],
    ['plan --ref nonsense', {}, 'STACK_GIT_FAILED', /no commit called "nonsense"/, /git log/],
    ['plan --ref=--output=x', {}, 'STACK_GIT_FAILED', /no commit called "--output=x"/, /git log/],
    ['plan', { STACK_DIR: '/nowhere' }, 'STACK_NO_INSTANCE', /STACK_DIR names \/nowhere/, /STACK_DIR/],
    ['reconcile', { STACK_DIR: 'stack.toml' }, 'STACK_NO_INSTANCE', /stack.toml, which is no folder/, /STACK_DIR/],
    ['reconcile', { STACK_HOST: 'other' }, 'STACK_HOST_CHANGED', /was testhost .* said to be other/, /STACK_HOST/],
  ]

  it.for(asked)('stack %s %o', async ([words, env, code, message, hint]) => {
    const [text, json] = await inBothWays(running.host, env, words)

    expectFailure(text, json, { exit: 1, code, message, hint })
  })

  it('an instance, outside of one', async () => {
    const { env } = running.host
    const ask = async (...words: string[]) => run(commandLine(words), { cwd: '/', env })
    const [text, json] = [await ask('plan'), await ask('plan', '--json')]

    expect([text.exitCode, json.exitCode]).toEqual([1, 1])
    expect(JSON.parse(json.stdout).error).toMatchObject({ code: 'STACK_NO_INSTANCE', hint: expect.any(String) })
    expect(text.stderr).toContain(JSON.parse(json.stdout).error.message)
  })
})

describe('a host in disorder is told so, and keeps what it has', () => {
  it('no git repository', () =>
    whileMoved('.git', async (host) => {
      for (const command of ['plan', 'reconcile', 'validate']) {
        const [text, json] = await inBothWays(host, {}, command)
        expectFailure(text, json, {
          exit: 1,
          code: 'STACK_GIT_FAILED',
          message: /not in a git repository/,
          hint: /git init/,
        })
      }
    }))

  it('no commit yet: it plans, and a run says what is missing', () =>
    whileMoved('.git', async (host) => {
      await host.git('init', '--quiet')
      const plan = await host.stack('plan', '--json')
      const [text, json] = await inBothWays(host, {}, 'reconcile')

      expect(plan.json).toMatchObject({ revision: null, dirty: true })
      expectFailure(text, json, { exit: 1, code: 'STACK_NOT_COMMITTED', message: /no commit yet/, hint: /git commit/ })
    }))

  it('a git lock that somebody left hinders nothing', async () => {
    const { host } = running
    await host.write('.git/index.lock', '')
    const answers = await Promise.all([host.stack('plan'), host.stack('status'), host.stack('reconcile')])
    await host.remove('.git/index.lock')

    expect(answers.map(({ code }) => code)).toEqual([0, 0, 0])
  })

  const secrets: readonly (readonly [string, string, string, RegExp])[] = [
    ['plan', 'no TOML', 'a__B = "canary-one\nb__C = "x"\n', /^.stack\/secrets.toml:1:\d+$/],
    ['reconcile', 'a number', 'a__B = "x"\nb__C = 123456789\n', /^.stack\/secrets.toml:2:1$/],
    ['status', 'a table', '[photos]\nA = "canary-two"\n', /^.stack\/secrets.toml:1:1$/],
    ['validate', 'no TOML', 'a__B = "canary-three\n', /^.stack\/secrets.toml:1:\d+$/],
  ]
  it.for(secrets)('stack %s with a secrets.toml that is %s', ([command, , text, at]) =>
    whileMoved('.stack/secrets.toml', async (host) => {
      await host.write('.stack/secrets.toml', text)
      const [asText, json] = await inBothWays(host, {}, command)

      const code = 'STACK_SECRETS_BROKEN'
      expectFailure(asText, json, { exit: 1, code, message: /cannot be read/, hint: /NAME = "value"/ })
      expect(json.json.error.at).toMatch(at)
      expect(asText.stdout + asText.stderr + json.stdout).not.toMatch(/canary|123456789/)
      expect(await host.read('.stack/secrets.toml')).toBe(text)
    }),
  )

  it('a memory that cannot be read is named', () =>
    whileMoved('.stack/memory.json', async (host) => {
      await host.write('.stack/memory.json', '{"approvals":')
      const [text, json] = await inBothWays(host, {}, 'reconcile')
      expectFailure(text, json, { exit: 1, code: 'STACK_STATE_BROKEN', message: /memory.json/, hint: /remove it/ })
    }))
})

async function whileMoved(path: string, work: (host: Instance) => Promise<void>): Promise<void> {
  const { host } = running
  const place = join(host.folder, path)
  await rename(place, `${place}.away`)
  try {
    await work(host)
  } finally {
    await host.remove(path)
    await rename(`${place}.away`, place)
  }
}
