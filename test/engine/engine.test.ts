import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'

import { run } from '../../reconciler/adapters/process/run.ts'
import { buildImage, webImage } from './images.ts'
import { freePort, uniqueName } from './ports.ts'
import { testEngine } from './test-engine.ts'

const { docker, env, images, isOwn, registry } = testEngine()
const containers: string[] = []

function container(stem: string): string {
  const name = uniqueName(stem)
  containers.push(name)
  return name
}

afterEach(async () => {
  if (containers.length > 0) await docker(['rm', '--force', '--volumes', ...containers.splice(0)])
})

async function page(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/`)
  return (await answer.text()).trim()
}

/** Asks until the answer is the wanted one, for at most ten seconds; answers the last one. */
async function eventually(ask: () => Promise<string>, wanted: string): Promise<string> {
  let answer = ''
  for (let attempt = 0; attempt < 100 && answer !== wanted; attempt++) {
    answer = await ask().catch(String)
    if (answer !== wanted) await sleep(100)
  }
  return answer
}

describe('the test engine', () => {
  it('runs a container', async () => {
    expect(await docker(['run', '--rm', images.busybox, 'echo', 'hello'])).toBe('hello')
  })

  it('publishes a port on 127.0.0.1', async () => {
    const port = await freePort()

    await docker(['run', '--detach', '--name', container('web'), '--publish', `127.0.0.1:${port}:80`, images.web])

    expect(await eventually(() => page(port), 'web 1')).toBe('web 1')
  })

  it('runs Compose v2', async () => {
    const project = uniqueName('shop')
    const port = await freePort()
    const folder = await mkdtemp(join(tmpdir(), 'compose-'))
    const file = join(folder, 'docker-compose.yml')
    await writeFile(
      file,
      JSON.stringify({
        services: { web: { image: images.web, ports: [`127.0.0.1:${port}:80`] } },
        volumes: { data: {} },
      }),
    )
    const compose = (...words: string[]) => docker(['compose', '-p', project, '-f', file, ...words])

    await compose('up', '--detach', '--wait')
    expect(await eventually(() => page(port), 'web 1')).toBe('web 1')
    expect(await compose('ps', '--format', '{{.Service}} {{.State}}')).toBe('web running')

    await compose('down', '--volumes')
    expect(await docker(['ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${project}`])).toBe('')
    await rm(folder, { recursive: true })
  })

  it('has room for more networks than Docker alone, when it is one of ours', async () => {
    const pools = JSON.parse(await docker(['info', '--format', '{{json .DefaultAddressPools}}']))

    expect(pools).toEqual(isOwn ? [{ Base: '10.200.0.0/14', Size: 23 }] : pools)
  })

  it('sees a health check pass, and another fail', async () => {
    const [well, ill] = [container('well'), container('ill')]
    const health = (name: string) => docker(['inspect', '--format', '{{.State.Health.Status}}', name])

    const check = ['--health-cmd', 'wget -qO- http://127.0.0.1/', '--health-interval', '200ms']
    await docker(['run', '--detach', '--name', well, ...check, images.web])
    await docker(['run', '--detach', '--name', ill, images.unhealthy])

    expect(await eventually(() => health(well), 'healthy')).toBe('healthy')
    expect(await eventually(() => health(ill), 'unhealthy')).toBe('unhealthy')
  })

  it('has an image that fails', async () => {
    const ran = await run(['docker', 'run', '--rm', images.exits], { env })

    expect(ran).toMatchObject({ exitCode: 1, stderr: 'giving up\n' })
  })

  it('pushes to the registry and pulls from it, by digest', async () => {
    const image = `${registry}/${uniqueName('pushed')}:1`
    const digestOf = async () =>
      (await docker(['image', 'inspect', '--format', '{{index .RepoDigests 0}}', image])).split('@')[1]
    const says = uniqueName('says')

    await buildImage(docker, image, webImage(images.busybox, says))
    await docker(['push', '--quiet', image])
    const pushed = await digestOf()
    await docker(['image', 'rm', image])
    await docker(['pull', '--quiet', image])

    expect(pushed).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(await digestOf()).toBe(pushed)
    await docker(['image', 'rm', image])
  })

  it('sees a new digest under an old tag after an update was pushed', async () => {
    const name = uniqueName('updated')
    const manifest = async () => {
      const accept = { accept: 'application/vnd.docker.distribution.manifest.v2+json' }
      const answer = await fetch(`http://${registry}/v2/${name}/manifests/1`, { method: 'HEAD', headers: accept })
      return answer.headers.get('docker-content-digest')
    }

    const digests: (string | null)[] = []
    for (const says of ['before', 'after']) {
      await buildImage(docker, `${registry}/${name}:1`, webImage(images.busybox, says))
      await docker(['push', '--quiet', `${registry}/${name}:1`])
      digests.push(await manifest())
      await docker(['image', 'rm', `${registry}/${name}:1`])
    }

    expect(digests[0]).toMatch(/^sha256:/)
    expect(digests[1]).not.toBe(digests[0])
  })

  it('hands out different ports', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()))

    expect(new Set(ports).size).toBe(20)
  })
})
