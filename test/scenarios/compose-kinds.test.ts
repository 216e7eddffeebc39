import { beforeAll, describe, expect, it } from 'vitest'
import { freePort, uniqueName } from '../engine/ports.ts'
import { testEngine } from '../engine/test-engine.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { allOf } from './support/containers.ts'
import { type Answer, type Instance, makeInstance } from './support/instance.ts'
import { commitAndRun, stepsOf } from './support/runs.ts'
import { desiredRunning } from './support/stacklets.ts'

type Files = Readonly<Record<string, string>>
interface Kind {
  readonly name: string
  readonly id: string
  /** By path in the stacklet's directory; `WEB` and `BOX` stand for images, `PORT` for two free ports in a row. */
  readonly files: Files
  /** Containers it comes to, by state. */
  readonly states: readonly string[]
}

const one = ['running']
const two = ['running', 'running']

const kinds: readonly Kind[] = [
  kind('several of one service', 'web: { image: WEB, deploy: { replicas: 2 } }', two),
  kind('scale', 'web: { image: WEB, scale: 2 }', two),
  kind(
    'another one that shares its network',
    'a: { image: WEB }\n  b: { image: BOX, command: sleep 999, init: true, network_mode: "service:a" }',
    two,
  ),
  kind(
    'a job before the server',
    'job: { image: BOX, command: "true" }\n  web: { image: WEB, depends_on: { job: { condition: service_completed_successfully } } }',
    ['exited', 'running'],
  ),
  kind('extends', 'base: { image: WEB, labels: { a: b } }\n  web: { extends: base, environment: { A: "1" } }', two),
  kind('a profile that is not chosen', 'web: { image: WEB }\n  extra: { image: WEB, profiles: [debug] }', one),
  kind('labels and environment as lists', 'web: { image: WEB, labels: ["a=b"], environment: ["A=1", "B=x=y"] }', one),
  kind('a range of ports', 'web: { image: WEB, ports: ["127.0.0.1:PORT-PORT1:80-81"] }', one),
  kind('an anonymous volume and a tmpfs', 'web: { image: WEB, volumes: [/data], tmpfs: [/run] }', one),
  kind('a named volume', 'web: { image: WEB, volumes: ["kept:/data"] }\nvolumes: { kept: {} }', one),
  kind('a network of its own', 'web: { image: WEB, networks: [own, default] }\nnetworks: { own: {} }', one),
  kind(
    'limits',
    'web: { image: WEB, mem_limit: 64m, cpus: 0.5, cap_drop: [ALL], cap_add: [NET_BIND_SERVICE], read_only: false, ulimits: { nofile: 1024 } }',
    one,
  ),
  kind(
    'on-failure, a user, a host name, extra hosts',
    'web: { image: BOX, command: sleep 999, init: true, restart: on-failure, user: "65534", hostname: h, extra_hosts: ["x:127.0.0.1"] }',
    one,
  ),
  kind('a built image', 'web: { build: ., command: sleep 999, init: true }', one, {
    Dockerfile: 'FROM BOX\nRUN echo built > /built\n',
  }),
  kind(
    'a file as secret and text as config',
    'web: { image: WEB, secrets: [s], configs: [c] }\nsecrets: { s: { file: ./s.txt } }\nconfigs: { c: { file: ./c.txt } }',
    one,
    { 's.txt': 'x', 'c.txt': 'y' },
  ),
  kind(
    'an env_file of its own, and one that may lack',
    'web: { image: WEB, env_file: [.env, own.env, { path: none.env, required: false }] }',
    one,
    { 'own.env': 'A=1\n' },
  ),
  kind('an include', 'web: { image: WEB }\ninclude: [more.yml]', two, {
    'more.yml': 'services:\n  more: { image: WEB }\n',
  }),
  kind(
    'an old version line and a dollar',
    `web: { image: WEB, environment: { A: "$$5", B: "\${UNSET:-x}" } }\nversion: "3.8"`,
    one,
  ),
]

const onEnd = atTheEnd()
let host: Instance
let first: Answer
let before: Awaited<ReturnType<typeof allOf>>

beforeAll(async () => {
  const port = await freePort()
  const files = kinds.flatMap(({ id, files: own }) =>
    Object.entries({ 'stacklet.toml': '', ...own }).map(([path, text]) => [
      `stacklets/${id}/${path}`,
      filled(text, port),
    ]),
  )
  host = await makeInstance(
    { ...Object.fromEntries(files), ...desiredRunning(...kinds.map(({ id }) => id)) },
    { onEnd },
  )
  first = await commitAndRun(host)
  before = await allOf(host)
}, 120_000)

describe('a Compose file with', () => {
  it.each(kinds)('$name runs, and is left alone', ({ id, states }) => {
    const failed = first.json.steps.filter(
      (step: { stacklet: string; result: string }) => step.stacklet === id && step.result !== 'done',
    )
    const seen = Object.entries(before).filter(([name]) => name.includes(id))

    expect(failed).toEqual([])
    expect(seen.map(([, line]) => line.split(' ')[1]).sort()).toEqual(states)
  })

  it('anything of this: status says all is in sync, a second run does nothing', async () => {
    const status = await host.stack('status', '--json')
    const again = await host.stack('reconcile', '--json')

    const off = status.json.stacklets.filter(
      (one: { inSync: boolean; state: string }) => !one.inSync || one.state !== 'running',
    )
    expect(off).toEqual([])
    expect(stepsOf(again)).toEqual([])
    expect(await allOf(host)).toEqual(before)
  })

  it('anything of this: a change of time zone makes no container anew that does not use it', async () => {
    await host.write('stack.toml', `${await host.read('stack.toml')}timezone = "Asia/Tokyo"\n`)

    await commitAndRun(host)

    expect(await allOf(host)).toEqual(before)
  })
})

function kind(name: string, services: string, states: readonly string[], more: Files = {}): Kind {
  return {
    name,
    id: uniqueName('kind'),
    files: { 'docker-compose.yml': `services:\n  ${services}\n`, ...more },
    states,
  }
}

function filled(text: string, port: number): string {
  const { web, busybox } = testEngine().images
  return text
    .replaceAll('PORT1', String(port + 1))
    .replaceAll('PORT', String(port))
    .replaceAll('WEB', web)
    .replaceAll('BOX', busybox)
}
