import { beforeAll, describe, expect, it } from 'vitest'
import { uniqueName } from '../engine/ports.ts'
import { testEngine } from '../engine/test-engine.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { mustSee, type Seen, seen } from './support/containers.ts'
import { type Answer, type Instance, makeInstance } from './support/instance.ts'
import { commitAndRun, runOnce } from './support/runs.ts'
import { desiredRunning } from './support/stacklets.ts'
import { until } from './support/started.ts'

interface Given {
  readonly id: string
  /** The container that something is done to. */
  readonly web: string
  readonly host: Instance
  /** An image that only this one uses. */
  readonly image: string
}

interface Change {
  readonly field: string
  readonly want: string | null
  readonly got: string | null
  readonly cause: string
}

/** One thing that may happen to a container, and what is planned for it. Every one happens to a stacklet of its own. */
interface Kind {
  readonly name: string
  readonly does: (given: Given) => Promise<unknown>
  /** The kind of the step that heals it, and one of its changes; `web` in a field stands for the container. */
  readonly step: string
  readonly change: Partial<Change>
  /** Whether the container is the same afterwards. */
  readonly keeps: boolean
  /** More of the service in the Compose file. */
  readonly service?: string
  /** More services, and what stands below them. */
  readonly more?: string
}

const byHand = 'changed on the host'
const docker = (...words: readonly string[]) => {
  return ({ host, web, id }: Given) =>
    host.docker(words.map((word) => word.replaceAll('WEB', web).replaceAll('ID', id)))
}

/** Takes the container away and starts another in its place that Compose takes for its own, but for what `words` say. */
const again = (...words: readonly string[]) => {
  return async ({ host, web, image }: Given) => {
    const { labels } = await mustSee(host.docker, web)
    await host.docker(['rm', '--force', web])
    const all = Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`])
    const own = ['--name', web, '--network', 'stack', '--restart', 'unless-stopped', '--env', 'ROLE=web']
    await host.docker(['run', '--detach', ...all, ...own, ...words, image])
  }
}

const kinds: readonly Kind[] = [
  ...([
    ['stopped', docker('stop', 'WEB')],
    ['killed', docker('kill', 'WEB')],
  ].map(([name, does]) => ({
    ...{ name, does, step: 'start', keeps: true },
    change: { field: 'WEB State.Status', want: 'running', got: 'exited', cause: byHand },
  })) as Kind[]),
  {
    name: 'removed',
    does: docker('rm', '--force', 'WEB'),
    step: 'start',
    change: { field: 'web container', want: 'running', got: null, cause: byHand },
    keeps: false,
  },
  {
    name: 'paused',
    does: docker('pause', 'WEB'),
    step: 'unpause',
    change: { field: 'WEB State.Status', want: 'running', got: 'paused', cause: byHand },
    keeps: true,
  },
  {
    name: 'limited in memory',
    does: docker('update', '--memory=64m', '--memory-swap=64m', 'WEB'),
    step: 'update',
    change: { field: 'WEB HostConfig.Memory', want: null, got: '67108864', cause: byHand },
    keeps: true,
  },
  {
    name: 'given more memory than declared',
    service: 'mem_limit: 64m',
    does: docker('update', '--memory=96m', '--memory-swap=-1', 'WEB'),
    step: 'update',
    change: { field: 'WEB HostConfig.Memory', want: '67108864', got: '100663296' },
    keeps: true,
  },
  {
    name: 'limited in processor time',
    does: docker('update', '--cpus=0.5', 'WEB'),
    step: 'update',
    change: { field: 'WEB HostConfig.NanoCpus', want: null, got: '500000000' },
    keeps: true,
  },
  {
    name: 'limited to one processor',
    does: docker('update', '--cpuset-cpus=0', 'WEB'),
    step: 'update',
    change: { field: 'WEB HostConfig.CpusetCpus', want: null, got: '0' },
    keeps: true,
  },
  {
    name: 'limited in processes',
    does: docker('update', '--pids-limit=20', 'WEB'),
    step: 'update',
    change: { field: 'WEB HostConfig.PidsLimit', want: null, got: '20' },
    keeps: true,
  },
  {
    name: 'given another restart policy',
    does: docker('update', '--restart=no', 'WEB'),
    step: 'update',
    change: { field: 'WEB HostConfig.RestartPolicy', want: 'unless-stopped', got: null },
    keeps: true,
  },
  {
    name: 'renamed',
    does: docker('rename', 'WEB', 'WEB-other'),
    step: 'rename',
    change: { field: 'WEB-other Name', want: 'WEB', got: 'WEB-other', cause: byHand },
    keeps: true,
  },
  {
    name: 'taken off its network',
    does: docker('network', 'disconnect', 'stack', 'WEB'),
    step: 'reconnect',
    change: { field: 'WEB Networks.stack', got: null, cause: byHand },
    keeps: true,
  },
  {
    name: 'put on another network as well',
    does: docker('network', 'connect', 'bridge', 'WEB'),
    step: 'reconnect',
    change: { field: 'WEB Networks.bridge', want: null, got: 'attached', cause: byHand },
    keeps: true,
  },
  {
    name: 'given another name on its network',
    does: async (given) => {
      await docker('network', 'disconnect', 'stack', 'WEB')(given)
      await docker('network', 'connect', '--alias', 'intruder', 'stack', 'WEB')(given)
    },
    step: 'reconnect',
    change: { field: 'WEB Networks.stack', got: 'intruder' },
    keeps: true,
  },
  {
    name: 'made anew by hand with another environment',
    does: again('--env', 'ROLE=other'),
    step: 'replace',
    change: { field: 'WEB Config.Env.ROLE', cause: byHand },
    keeps: false,
  },
  {
    name: 'made anew by hand as another user',
    does: again('--user', '65534'),
    step: 'replace',
    change: { field: 'WEB Config.User', want: null, got: '65534', cause: byHand },
    keeps: false,
  },
  {
    name: 'made anew by hand with more rights',
    does: again('--cap-add', 'SYS_TIME'),
    step: 'replace',
    change: { field: 'WEB HostConfig.CapAdd', want: null, got: 'SYS_TIME' },
    keeps: false,
  },
  {
    name: 'made anew by hand with another mount',
    does: again('--volume', '/tmp:/host'),
    step: 'replace',
    change: { field: 'WEB Mounts', want: null, got: 'bind:/tmp->/host' },
    keeps: false,
  },
  {
    name: 'made anew by hand with another command',
    does: async (given) => again('--entrypoint', 'sleep')({ ...given, image: given.image }),
    step: 'replace',
    change: { field: 'WEB Config.Entrypoint', want: null },
    keeps: false,
  },
  {
    name: 'its tag means another image',
    does: async ({ host, image }) => {
      await host.docker(['build', '--quiet', '--tag', image, '-'], `FROM ${image}\nLABEL made=later\n`)
    },
    step: 'replace',
    change: { field: 'WEB Image', cause: expect.stringContaining('means another image now') },
    keeps: false,
  },
  {
    name: 'its health check fails',
    service: 'tmpfs: [/run]\n    healthcheck: { test: "test ! -e /run/sick", interval: 200ms, retries: 1 }',
    does: async ({ host, web }) => {
      await host.docker(['exec', web, 'touch', '/run/sick'])
      await until(`${web} to be unhealthy`, async () => (await healthOf(host, web)) === 'unhealthy')
    },
    step: 'restart',
    change: { field: 'WEB State.Health.Status', want: 'healthy', got: 'unhealthy' },
    keeps: true,
  },
  {
    name: 'a network of its project is removed',
    service: 'networks: [stack, own]',
    more: 'networks: { own: {}, stack: { external: true } }',
    does: async (given) => {
      await docker('network', 'disconnect', 'stack-ID_own', 'WEB')(given)
      await docker('network', 'rm', 'stack-ID_own')(given)
    },
    step: 'replace',
    change: { field: 'WEB Networks.stack-ID_own', got: null },
    keeps: false,
  },
  {
    name: 'whose network it shares is made anew',
    service: 'network_mode: "service:host"\n    command: httpd -f -p 81 -h /www',
    more: '  host: { image: IMAGE, container_name: stack-ID-host, stop_grace_period: 0s }',
    does: async ({ host, id, image }) => {
      const name = `stack-${id}-host`
      await again()({ host, id, image, web: name })
    },
    step: 'replace',
    change: { field: 'WEB HostConfig.NetworkMode', want: 'container:host', got: 'container:gone' },
    keeps: false,
  },
  {
    name: 'another of its kind is beside it',
    does: async ({ host, web, image }) => {
      const { labels } = await mustSee(host.docker, web)
      const all = Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`])
      await host.docker(['run', '--detach', '--name', `${web}-2`, ...all, image])
    },
    step: 'remove-orphan',
    change: { field: 'WEB-2 container', want: null, got: 'running' },
    keeps: true,
  },
  {
    name: 'its .env is edited',
    does: ({ host, id }) => host.write(`stacklets/${id}/.env`, 'ROLE="edited"\n'),
    step: 'write-env',
    change: { field: '.env', want: '***', got: '***', cause: byHand },
    keeps: true,
  },
  {
    name: 'its .env is removed',
    does: ({ host, id }) => host.remove(`stacklets/${id}/.env`),
    step: 'write-env',
    change: { field: '.env', want: '***', got: null, cause: byHand },
    keeps: true,
  },
]

const onEnd = atTheEnd()
const given = new Map<Kind, Given>()
const before = new Map<Kind, Seen>()
const after = new Map<Kind, Seen>()
let text: Answer
let plan: Answer
let neighbours: { readonly before: readonly string[]; readonly after: readonly string[] }

beforeAll(async () => {
  const ids = kinds.map(() => uniqueName('heal'))
  const files = kinds.flatMap((kind, index) => filesOf(kind, ids[index] ?? ''))
  const host = await makeInstance({ ...Object.fromEntries(files), ...desiredRunning(...ids) }, { onEnd })
  kinds.forEach((kind, index) => {
    const id = ids[index] ?? ''
    given.set(kind, { id, host, web: `stack-${id}-web`, image: imageOf(id) })
  })
  onEnd(async () => void (await host.docker(['rmi', '--force', ...ids.map(imageOf)])))
  const { web } = testEngine().images
  for (const id of ids) await host.docker(['tag', web, imageOf(id)])
  await commitAndRun(host)

  for (const [kind, { web: name }] of given) before.set(kind, await mustSee(host.docker, name))
  const calm = () => Promise.all(ids.map(async (id) => stateOf(await mustSee(host.docker, `stack-${id}-by`))))
  const first = await calm()
  for (const [kind, one] of given) await kind.does(one)
  text = await host.stack('plan')
  plan = await host.stack('plan', '--json')
  await runOnce(host)
  for (const [kind, { web: name }] of given) after.set(kind, await mustSee(host.docker, name))
  neighbours = { before: first, after: await calm() }
})

describe.each(kinds.map((kind) => [kind.name, kind] as const))('a container: %s', (_, kind) => {
  it('is seen field by field, and healed by the smallest step', () => {
    const { id, web } = given.get(kind)!
    const steps: readonly { kind: string; stacklet: string; changes: Change[] }[] = plan.json.steps
    const own = steps.filter((step) => step.stacklet === id)
    const named = (value: unknown) =>
      typeof value === 'string' ? value.replaceAll('WEB', web).replaceAll('ID', id) : value
    const want = Object.fromEntries(Object.entries(kind.change).map(([key, value]) => [key, named(value)]))

    expect(own.filter(({ kind: what }) => what !== 'await-health').map(({ kind: what }) => what)).toEqual([kind.step])
    expect(own[0]?.changes).toContainEqual(expect.objectContaining(want))
    expect(text.stdout).toContain(id)
  })

  it(`${kind.keeps ? 'stays the same one' : 'is another one'}, and runs`, () => {
    const [then, now] = [before.get(kind)!, after.get(kind)!]

    expect(now.state).toBe('running')
    expect(now.env['ROLE']).toBe('web')
    expect(now.id === then.id).toBe(kind.keeps)
  })
})

it('a plan of all this exits 2', () => {
  expect([text.code, plan.code]).toEqual([2, 2])
})

it('no container is left under another name', async () => {
  const others = [...given.values()].flatMap(({ web }) => [`${web}-other`, `${web}-2`])
  const { docker } = [...given.values()][0]!.host

  expect(await Promise.all(others.map((name) => seen(docker, name)))).toEqual(others.map(() => null))
})

it('nobody beside them was touched', () => {
  expect(neighbours.after).toEqual(neighbours.before)
})

function filesOf(kind: Kind, id: string): readonly (readonly [string, string])[] {
  const { service = 'networks: [stack]', more = 'networks: { stack: { external: true } }' } = kind
  const isNetworked = /network/.test(service)
  const compose = `services:
  web:
    container_name: stack-${id}-web
    image: IMAGE
    environment: { ROLE: web }
    restart: unless-stopped
    ${isNetworked ? '' : 'networks: [stack]'}
    ${service}
  by: { image: ${testEngine().images.web}, container_name: stack-${id}-by, network_mode: none }
${more}
${more.includes('networks:') ? '' : 'networks: { stack: { external: true } }'}
`
  const text = compose.replaceAll('IMAGE', imageOf(id)).replaceAll('ID', id).replace(/^ +\n/gm, '')
  return [
    [`stacklets/${id}/stacklet.toml`, `id = "${id}"\n`],
    [`stacklets/${id}/docker-compose.yml`, text],
  ]
}

function imageOf(id: string): string {
  return `stackloop-test/${id}:1`
}

function stateOf({ id, startedAt }: Seen): string {
  return `${id} ${startedAt}`
}

async function healthOf(host: Instance, name: string): Promise<string> {
  return host.docker(['inspect', '--format', '{{.State.Health.Status}}', name])
}
