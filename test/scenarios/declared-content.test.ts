import { beforeAll, expect, it } from 'vitest'
import { uniqueName } from '../engine/ports.ts'
import { testEngine } from '../engine/test-engine.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { allOf, mustSee } from './support/containers.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { commitAndRun, stepsOf } from './support/runs.ts'
import { desiredRunning } from './support/stacklets.ts'

/** One stacklet for each way in which a Compose file refers to another file. */
const ids = {
  env: uniqueName('env'),
  mount: uniqueName('mount'),
  text: uniqueName('text'),
  base: uniqueName('base'),
  built: uniqueName('built'),
  outside: uniqueName('outside'),
}

const onEnd = atTheEnd()
let host: Instance

beforeAll(async () => {
  const { web, busybox } = testEngine().images
  const services: Readonly<Record<keyof typeof ids, string>> = {
    env: `image: ${web}\n    env_file: [../shared/all.env]`,
    mount: `image: ${web}\n    volumes: ["../shared/pages:/www:ro"]`,
    text: `image: ${web}\n    volumes: ["./notes.md:/www/index.html:ro"]`,
    base: `extends: { file: ../shared/base.yml, service: base }`,
    built: `build: ./app\n    command: sleep 999\n    init: true`,
    outside: `image: ${web}\n    volumes: ["../../kit:/kit:ro"]`,
  }
  const own = Object.entries(services).flatMap(([name, text]) => {
    const id = ids[name as keyof typeof ids]
    const compose = `services:\n  web:\n    container_name: stack-${id}\n    ${text}\n    network_mode: none\n`
    return [
      [`stacklets/${id}/stacklet.toml`, `id = "${id}"\n`],
      [`stacklets/${id}/docker-compose.yml`, compose],
    ]
  })
  host = await makeInstance(
    {
      ...Object.fromEntries(own),
      ...desiredRunning(...Object.values(ids)),
      'stacklets/shared/all.env': 'SHARED=one\n',
      'stacklets/shared/pages/index.html': 'one\n',
      'stacklets/shared/base.yml': `services:\n  base: { image: "${web}", environment: { FROM: one } }\n`,
      'kit/tool.sh': 'one\n',
      [`stacklets/${ids.text}/notes.md`]: 'one\n',
      [`stacklets/${ids.built}/app/Dockerfile`]: `FROM ${busybox}\nCOPY . /app\n`,
      [`stacklets/${ids.built}/app/.dockerignore`]: '*.log\n',
      [`stacklets/${ids.built}/app/main.txt`]: 'one\n',
      [`stacklets/${ids.built}/app/run.log`]: 'one\n',
    },
    { onEnd },
  )
  onEnd(async () => void (await host.docker(['rmi', '--force', `stack-${ids.built}-web`])))
  await commitAndRun(host)
})

it.each([
  ['an env_file beside it', 'env', 'stacklets/shared/all.env', 'SHARED=two\n', '../shared/all.env'],
  ['a folder that it shares', 'mount', 'stacklets/shared/pages/index.html', 'two\n', '../shared/pages/index.html'],
  ['a text that it mounts', 'text', 'stacklets/ID/notes.md', 'two\n', 'notes.md'],
  ['a file that it extends', 'base', 'stacklets/shared/base.yml', null, '../shared/base.yml'],
  ['its build context', 'built', 'stacklets/ID/app/main.txt', 'two\n', 'app/main.txt'],
  ['a folder elsewhere in the repository', 'outside', 'kit/tool.sh', 'two\n', '../../kit/tool.sh'],
] as const)('a change of %s is a change of that stacklet, and of no other', async (_, name, where, text, field) => {
  const id = ids[name]
  const path = where.replace('ID', id)
  const before = await allOf(host)
  await host.write(path, text ?? (await host.read(path)).replace('FROM: one', 'FROM: two'))

  const plan = await host.stack('plan', '--json')
  await commitAndRun(host)

  const steps: readonly { stacklet: string; kind: string; changes: { field: string; cause: string }[] }[] =
    plan.json.steps
  expect(new Set(steps.map((step) => step.stacklet))).toEqual(new Set([id]))
  expect(steps.flatMap((step) => step.changes)).toContainEqual(
    expect.objectContaining({ field, cause: expect.stringContaining(path), diff: expect.any(Array) }),
  )
  const after = await allOf(host)
  const others = (all: typeof after) => Object.entries(all).filter(([container]) => container !== `stack-${id}`)
  expect(others(after)).toEqual(others(before))
  expect(after[`stack-${id}`]).not.toBe(before[`stack-${id}`])
})

it('what it means has reached the containers', async () => {
  const seen = async (name: keyof typeof ids, ...words: string[]) =>
    host.docker(['exec', `stack-${ids[name]}`, ...words])

  expect((await mustSee(host.docker, `stack-${ids.env}`)).env['SHARED']).toBe('two')
  expect((await mustSee(host.docker, `stack-${ids.base}`)).env['FROM']).toBe('two')
  expect(await seen('mount', 'cat', '/www/index.html')).toBe('two')
  expect(await seen('text', 'cat', '/www/index.html')).toBe('two')
  expect(await seen('built', 'cat', '/app/main.txt')).toBe('two')
  expect(await seen('outside', 'cat', '/kit/tool.sh')).toBe('two')
})

it.each([
  ['that the build leaves out', 'app/run.log'],
  ['that nobody reads', 'plans.txt'],
])('a change of a file %s makes nothing anew', async (_, path) => {
  const before = await allOf(host)
  await host.write(`stacklets/${ids.built}/${path}`, 'two\n')

  const run = await commitAndRun(host)

  expect(stepsOf(run)).toEqual([`await-health ${ids.built}`])
  expect(await allOf(host)).toEqual(before)
})

it('an uncommitted edit of a shared file keeps a run from those who read it', async () => {
  const before = await allOf(host)
  await host.write('kit/tool.sh', 'three\n')

  const run = await host.stack('reconcile', '--json')

  expect(run.json).toMatchObject({ outcome: 'waiting', steps: [] })
  expect(run.json.notes).toMatchObject([{ kind: 'waiting', stacklet: ids.outside }])
  expect(await allOf(host)).toEqual(before)
})
