import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { placesIn } from '../../demo/places.ts'
import { freePort, uniqueName } from '../engine/ports.ts'
import { startRegistry } from '../engine/registry.ts'
import { testEngine } from '../engine/test-engine.ts'
import { makeInstance } from './support/instance.ts'
import { published } from './support/published.ts'
import { babbling, hanging, kind, type Mood, registryFront, tooMany } from './support/registry-front.ts'
import { updatable, updatableFiles } from './support/updatable.ts'

vi.setConfig({ testTimeout: 300_000 })

const moods: readonly (readonly [string, Mood, RegExp])[] = [
  ['answers 429 for an hour', tooMany(3600), /asked too often, and again at/],
  ['hangs', hanging, /no answer within 10 s/],
  ['returns rubbish', babbling, /not with a digest/],
]

it.each(moods)(
  'a registry that %s is told, others go on, and it is asked again when it is well',
  async (name, mood, why) => {
    const front = await registryFront()
    const [sound, odd] = [published(), published(front.address)]
    await sound.pushWeb('sound 1', '1')
    await odd.pushWeb('odd 1', '1')
    const host = await updatable({ image: `${sound.repository}:1`, update: 'channel = "digest"' })
    const id = uniqueName('odd')
    const files = updatableFiles(id, await freePort(), { image: `${odd.repository}:1`, update: 'channel = "digest"' })
    const desired = await host.read('desired/desired.toml')
    for (const [path, text] of Object.entries(files)) await host.write(path, text)
    await host.write('desired/desired.toml', desired + files['desired/desired.toml'])
    await host.commit('two')
    expect(await host.stack('reconcile')).toMatchObject({ code: 0 })
    await sound.pushWeb('sound 2', '1')
    await odd.pushWeb('odd 2', '1')

    front.setMood(mood)
    const answer = await host.update()

    const imageOf = (stacklet: string) =>
      answer.json.images.find((one: { stacklet: string }) => one.stacklet === stacklet)
    expect(answer.code).toBe(1)
    expect(imageOf(id)).toMatchObject({ decision: 'failed', because: expect.stringMatching(why) })
    expect(imageOf(host.id)).toMatchObject({ decision: 'updated' })
    expect(await host.says()).toBe('sound 2')

    front.setMood(kind)
    front.take()
    const later = await host.update()
    if (name.includes('429')) expect([later.code, front.take()]).toEqual([1, []])
    else expect(later, later.stderr).toMatchObject({ code: 0 })
  },
)

it('a registry that asks for a second gets it, and the backlog goes on by itself', async () => {
  const front = await registryFront()
  const { repository, pushWeb } = published(front.address)
  await pushWeb('1.0', '1')
  const host = await updatable({ image: `${repository}:1`, update: 'channel = "digest"' })
  const fresh = await pushWeb('1.1', '1')
  front.setMood(tooMany(1, 1))

  const check = await host.update('--check')

  expect(check).toMatchObject({ code: 0, image: { candidate: `1@${fresh}` } })
})

it('a private repository is asked and pulled from with the login of docker login', async () => {
  const { parts } = placesIn(process.env)
  const folder = await mkdtemp(join(tmpdir(), 'stackloop-private-'))
  const htpasswd = 'ada:$2b$04$uJ1PqXVMJK.2n/DeSu6Cfej6CN8FVudR28o4X5hazr6Bq7.5JEepG\n'
  const packageFolder = join(dirname(parts), 'registry')
  const registry = await startRegistry({ packageFolder, folder, htpasswd })
  onTestFinished(async () => {
    await registry.stop()
    await rm(folder, { recursive: true, force: true })
  })
  const engine = testEngine()
  const config = join(folder, 'docker')
  await engine.docker(
    ['--config', config, 'login', '--username', 'ada', '--password-stdin', registry.address],
    'correct-horse',
  )
  const { repository, pushWeb } = published(registry.address, ['--config', config])
  const old = await pushWeb('1.0', '1')
  const engineEnv = { ...engine.env, DOCKER_CONFIG: config }
  await linkPlugins(engine.env['DOCKER_CONFIG'] ?? '', config)
  const host = await updatable({ image: `${repository}:1`, update: 'channel = "digest"', engineEnv })
  onTestFinished(async () => {
    await engine.docker(['rm', '--force', `stack-${host.id}`])
  })
  await pushWeb('1.1', '1')

  const stranger = await host.stackWith(
    { DOCKER_CONFIG: engine.env['DOCKER_CONFIG'] ?? '' },
    'update',
    '--check',
    '--json',
  )
  const taken = await host.update()

  expect(stranger.json.images[0]).toMatchObject({
    decision: 'failed',
    because: expect.stringContaining('docker login'),
  })
  expect(stranger.stdout + stranger.stderr + taken.stdout + taken.stderr).not.toContain('correct-horse')
  expect(taken, taken.stderr).toMatchObject({ code: 0, image: { decision: 'updated', current: `1@${old}` } })
  expect(await host.says()).toBe('1.1')
})

it('sixty services on twenty tags cost twenty HEADs, and no manifest is fetched', async () => {
  const front = await registryFront()
  const { repository, pushWeb } = published(front.address)
  const tags = Array.from({ length: 20 }, (_, index) => `t${index}`)
  await pushWeb('1.0', ...tags)
  const ids = tags.map((_, index) => uniqueName(`s${index}`))
  const files = ids.map((id, index) => [
    [`stacklets/${id}/stacklet.toml`, `id = "${id}"\n`],
    [`stacklets/${id}/docker-compose.yml`, threeServices(`${repository}:${tags[index]}`)],
  ])
  const desired = ids.map((id) => `[stacklets.${id}]\nupdate.channel = "digest"\n`).join('')
  const host = await makeInstance({ ...Object.fromEntries(files.flat()), 'desired/desired.toml': desired })
  await host.commit('sixty')
  front.take()

  const check = await host.stack('update', '--check', '--json')

  const asked = front.take()
  expect(check, check.stderr).toMatchObject({ code: 0 })
  expect(check.json.images).toHaveLength(60)
  expect(asked.filter((line) => line.startsWith('HEAD'))).toHaveLength(20)
  expect(asked.filter((line) => line.startsWith('GET'))).toEqual(['GET /v2/'])
})

function threeServices(image: string): string {
  const services = ['a', 'b', 'c'].map((name) => `  ${name}:\n    image: ${image}\n    networks: [stack]\n`)
  return `services:\n${services.join('')}networks:\n  stack: { external: true }\n`
}

/** Docker looks for its plugins beside its config. */
async function linkPlugins(from: string, to: string): Promise<void> {
  await cp(join(from, 'cli-plugins'), join(to, 'cli-plugins'), { recursive: true })
}
