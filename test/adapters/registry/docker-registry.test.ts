import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type DockerRegistryOptions, dockerRegistry } from '../../../reconciler/adapters/registry/docker-registry.ts'
import type { Registry } from '../../../reconciler/ports/registry.ts'

const { signal } = new AbortController()
const sha = `sha256:${'ab'.repeat(32)}`
const password = 'Correct-Horse'
const cleanUps: (() => void)[] = []
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp()
})

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A registry that answers as it is told, and what it was asked. */
async function registryThat(answer: Answer, more: Partial<DockerRegistryOptions> = {}) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUps.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const folder = mkdtempSync(join(tmpdir(), 'stackloop-logins-'))
  cleanUps.push(() => rmSync(folder, { recursive: true }))
  const auth = Buffer.from(`ada:${password}`).toString('base64')
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [address]: { auth } } }))
  const slept: number[] = []
  let nowMs = 1_000_000
  const clock = {
    nowMs: () => nowMs,
    random: () => 0,
    sleep: async (ms: number) => {
      slept.push(ms)
      nowMs += ms
    },
  }
  const registry = dockerRegistry({ env: { DOCKER_CONFIG: folder, PATH: '/nowhere' }, clock, silenceMs: 300, ...more })
  return { registry, asked, slept, address, repository: { registry: address, repository: 'a/web' } }
}

function ask(registry: Registry, repository: { registry: string; repository: string }, tag = '1') {
  return registry.digest(repository, tag, signal)
}

const withDigest: Answer = (_, response) => response.writeHead(200, { 'docker-content-digest': sha }).end()

describe('the digest behind a tag', () => {
  it('is one HEAD, after one introduction', async () => {
    const { registry, repository, asked } = await registryThat(withDigest)

    const answers = await Promise.all(['1', '2', '3'].map((tag) => ask(registry, repository, tag)))

    expect(answers).toEqual(answers.map(() => ({ kind: 'answered', value: sha })))
    expect(asked[0]).toBe('GET /v2/')
    expect(asked.slice(1).sort()).toEqual(['1', '2', '3'].map((tag) => `HEAD /v2/a/web/manifests/${tag}`))
  })

  it('is that of an index where there is one', async () => {
    let accept = ''
    const { registry, repository } = await registryThat((request, response) => {
      accept = request.headers.accept ?? ''
      withDigest(request, response)
    })
    await ask(registry, repository)

    expect(accept.split(', ')).toEqual([
      'application/vnd.oci.image.index.v1+json',
      'application/vnd.docker.distribution.manifest.list.v2+json',
      'application/vnd.oci.image.manifest.v1+json',
      'application/vnd.docker.distribution.manifest.v2+json',
    ])
  })
})

describe('a private registry', () => {
  it('gets the login of docker login', async () => {
    const wanted = `Basic ${Buffer.from(`ada:${password}`).toString('base64')}`
    const { registry, repository, asked } = await registryThat((request, response) => {
      if (request.headers.authorization === wanted) withDigest(request, response)
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
    })

    expect(await ask(registry, repository)).toEqual({ kind: 'answered', value: sha })
    expect(asked.filter((line) => line.startsWith('HEAD'))).toHaveLength(1)
  })

  it('gets a token, one for each repository', async () => {
    const { registry, repository, asked } = await registryThat((request, response) => {
      const url = new URL(request.url ?? '', `http://${request.headers.host}`)
      if (url.pathname === '/token')
        response.end(JSON.stringify({ token: `for ${url.searchParams.get('scope')}`.replaceAll(' ', '-') }))
      else if (request.headers.authorization === 'Bearer for-repository:a/web:pull') withDigest(request, response)
      else
        response
          .writeHead(401, { 'www-authenticate': `Bearer realm="http://${request.headers.host}/token",service="s"` })
          .end()
    })

    const answers = [await ask(registry, repository, '1'), await ask(registry, repository, '2')]

    expect(answers).toEqual(answers.map(() => ({ kind: 'answered', value: sha })))
    expect(asked).toEqual([
      'GET /v2/',
      'GET /token?service=s&scope=repository%3Aa%2Fweb%3Apull',
      'HEAD /v2/a/web/manifests/1',
      'HEAD /v2/a/web/manifests/2',
    ])
  })

  it('that refuses is told with what helps, and without the password', async () => {
    const { registry, repository, address } = await registryThat((_, response) =>
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end(password),
    )
    const answer = await ask(registry, repository)

    expect(answer).toMatchObject({ kind: 'failed', why: `it refuses us (401): docker login ${address}` })
    expect(JSON.stringify(answer)).not.toContain(password)
  })
})

describe('a registry that', () => {
  it('asks for a short pause gets it, and the rest is asked after it', async () => {
    let answered = 0
    const { registry, repository, slept } = await registryThat((request, response) => {
      answered += 1
      if (answered === 2) response.writeHead(429, { 'retry-after': '7' }).end()
      else withDigest(request, response)
    })

    expect(await ask(registry, repository, '1')).toEqual({ kind: 'answered', value: sha })
    expect(await ask(registry, repository, '2')).toEqual({ kind: 'answered', value: sha })
    expect(slept).toEqual([7_000])
  })

  it('asks for a long pause is asked nothing more', async () => {
    const { registry, repository, asked, slept } = await registryThat((_, response) =>
      response.writeHead(429, { 'retry-after': '3600' }).end(),
    )

    const answers = [await ask(registry, repository, '1'), await ask(registry, repository, '2')]

    expect(answers).toEqual(
      answers.map(() => ({ kind: 'failed', why: 'it was asked too often', retryAtMs: 4_600_000 })),
    )
    expect([asked, slept]).toEqual([['GET /v2/'], []])
  })

  it('hangs is given up, and not asked a third time', async () => {
    const { registry, repository, asked } = await registryThat((request, response) => {
      if (request.method === 'GET') response.end()
    })
    const answers = []
    for (const tag of ['1', '2', '3', '4']) answers.push(await ask(registry, repository, tag))

    expect(answers).toEqual(answers.map(() => ({ kind: 'failed', why: 'no answer within 0.3 s', retryAtMs: null })))
    expect(asked).toHaveLength(3)
  })

  it('sends its list and never ends it is given up', async () => {
    const { registry, repository } = await registryThat((request, response) => {
      if (request.url === '/v2/') response.end()
      else response.write('{"tags": [')
    })

    expect(await registry.tags(repository, signal)).toMatchObject({ kind: 'failed', why: 'no answer within 0.3 s' })
  })

  it.each([
    ['no digest', (_, response) => response.end(), 'it answers, and not with a digest'],
    [
      'half a digest',
      (_, response) => response.writeHead(200, { 'docker-content-digest': 'sha256:ab' }).end(),
      'it answers, and not with a digest',
    ],
    ['a page of HTML and 200', (_, response) => response.end('<html>'), 'it answers, and not with a digest'],
    ['404', (_, response) => response.writeHead(404).end(), 'it has no such image'],
    ['500', (_, response) => response.writeHead(500).end(), 'it answered 500'],
    ['a closed connection', (request) => request.socket.destroy(), 'the connection was closed'],
    ['something that is no HTTP', (request) => request.socket.end('SSH-2.0\r\n'), /./],
    [
      'a login of another kind',
      (_, response) => response.writeHead(401, { 'www-authenticate': 'Negotiate' }).end(),
      /unknown/,
    ],
  ] as readonly [string, Answer, string | RegExp][])('answers %s is told', async (_, answer, why) => {
    const { registry, repository } = await registryThat(answer)

    expect(await ask(registry, repository)).toMatchObject({ kind: 'failed', why: expect.stringMatching(why) })
  })

  it('is not there is told', async () => {
    const { registry } = await registryThat(withDigest)

    expect(await ask(registry, { registry: '127.0.0.1:65534', repository: 'web' })).toMatchObject({
      kind: 'failed',
      why: 'the connection was refused',
    })
  })

  it('is asked more than its budget allows is left alone', async () => {
    const { registry, repository, asked } = await registryThat(withDigest, { budget: 3 })
    const answers = []
    for (const tag of ['1', '2', '3']) answers.push(await ask(registry, repository, tag))

    expect(answers.map(({ kind }) => kind)).toEqual(['answered', 'answered', 'failed'])
    expect(asked).toHaveLength(3)
  })
})

describe('a list of tags', () => {
  it('is read to its last page', async () => {
    const pages: Readonly<Record<string, Answer>> = {
      '/v2/a/web/tags/list': (_, response) =>
        response.writeHead(200, { link: '</v2/a/web/tags/list?last=2&n=2>; rel="next"' }).end('{"tags":["1","2"]}'),
      '/v2/a/web/tags/list?last=2&n=2': (_, response) => response.end('{"tags":["3"]}'),
    }
    const { registry, repository } = await registryThat((request, response) => {
      const page = pages[request.url ?? '']
      if (page === undefined) response.end()
      else page(request, response)
    })

    expect(await registry.tags(repository, signal)).toEqual({ kind: 'answered', value: ['1', '2', '3'] })
  })

  it.each(['', '[]', '{"tags": 3}', '{"tags', 'null'])('is not %j', async (body) => {
    const { registry, repository } = await registryThat((_, response) => response.end(body))

    expect(await registry.tags(repository, signal)).toMatchObject({ kind: 'failed' })
  })
})

it('being cancelled is no answer of a registry', async () => {
  const { registry, repository } = await registryThat(() => {})
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 20)

  await expect(registry.digest(repository, '1', stop.signal)).rejects.toThrow(/abort/)
})
