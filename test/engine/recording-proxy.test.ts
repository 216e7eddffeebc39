import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { run } from '../../reconciler/adapters/process/run.ts'
import { dockerClient } from './images.ts'
import { uniqueName } from './ports.ts'
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.ts'
import { testEngine } from './test-engine.ts'

const { dockerHost, env, images, docker: direct } = testEngine()
let proxy: RecordingProxy
let proxied: NodeJS.ProcessEnv

beforeEach(async () => {
  proxy = await startRecordingProxy(dockerHost)
  proxied = { ...env, DOCKER_HOST: proxy.dockerHost }
})
afterEach(() => proxy.stop())

const docker = (...words: string[]) => dockerClient(proxied)(words)

describe('the recording proxy', () => {
  it('writes down method and path of every call, in order', async () => {
    await docker('ps', '--all')

    expect(proxy.calls()).toEqual([
      { method: 'HEAD', path: '/_ping' },
      { method: 'GET', path: '/containers/json?all=1' },
    ])
  })

  it('forgets when told to', async () => {
    await docker('ps')
    proxy.clear()
    await docker('network', 'ls')

    expect(proxy.calls().map(({ path }) => path)).toContain('/networks')
    expect(proxy.calls().map(({ path }) => path)).not.toContain('/containers/json')
  })

  it('passes errors on', async () => {
    const ran = await run(['docker', 'inspect', 'no-such-container'], { env: proxied })

    expect(ran).toMatchObject({ exitCode: 1, stderr: 'Error: No such object: no-such-container\n' })
  })

  it('passes an attached container on, in both directions', async () => {
    const ran = await run(
      ['docker', 'run', '--rm', '-i', images.busybox, 'sh', '-c', 'read word; echo "<$word>"; cat'],
      {
        env: proxied,
        input: 'first\nsecond\n',
      },
    )

    expect(ran).toMatchObject({ exitCode: 0, stdout: '<first>\nsecond\n' })
    expect(proxy.calls().some(({ method, path }) => method === 'POST' && path.includes('/attach'))).toBe(true)
  })

  it('passes exec, streams and a large answer on', async () => {
    const name = uniqueName('streams')
    await docker('run', '--detach', '--init', '--name', name, images.busybox, 'sh', '-c', 'echo started; exec sleep 60')

    expect(await docker('exec', name, 'seq', '1', '50000')).toHaveLength(288_893)
    expect(await docker('logs', name)).toBe('started')

    await direct(['rm', '--force', name])
  })

  it('passes a build on', async () => {
    const image = `stackloop-test/${uniqueName('built')}`

    await dockerClient(proxied)(
      ['build', '--quiet', '--tag', image, '-'],
      `FROM ${images.busybox}\nRUN echo built > /built\n`,
    )

    expect(await docker('run', '--rm', image, 'cat', '/built')).toBe('built')
    await direct(['image', 'rm', image])
  })

  it('passes events on as they come', async () => {
    const name = uniqueName('event')
    const watch = new AbortController()
    const seen = new Promise<string>((resolve) => {
      const options = {
        env: proxied,
        signal: watch.signal,
        onLine: ({ text }: { readonly text: string }) => resolve(text),
      }
      void run(['docker', 'events', '--filter', `container=${name}`, '--format', '{{.Action}}'], options)
    })
    while (!proxy.calls().some(({ path }) => path.startsWith('/events'))) await docker('version')

    await direct(['create', '--name', name, images.busybox])

    expect(await seen).toBe('create')
    watch.abort()
    await direct(['rm', name])
  })

  it('runs Compose', async () => {
    const project = uniqueName('proxied')
    const file = JSON.stringify({ services: { web: { image: images.web } } })
    const compose = (...words: string[]) => dockerClient(proxied)(['compose', '-p', project, '-f', '-', ...words], file)

    await compose('up', '--detach')
    proxy.clear()
    await compose('up', '--detach')

    expect(proxy.calls().length).toBeGreaterThan(3)
    expect(proxy.calls().filter(({ method }) => method === 'DELETE')).toEqual([])
    await compose('down')
  })
})
