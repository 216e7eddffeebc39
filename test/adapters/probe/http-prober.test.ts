import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'

import { httpProber } from '../../../reconciler/adapters/probe/http-prober.ts'
import type { HealthCheck } from '../../../reconciler/model/desired.ts'
import { Secret } from '../../../reconciler/model/secret.ts'

const { signal } = new AbortController()
const opened: { close(): void }[] = []
afterEach(() => {
  for (const server of opened.splice(0)) server.close()
})

function listening(server: Pick<Server, 'listen' | 'address' | 'close' | 'once'>): Promise<number> {
  opened.push(server)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

/** A service, and its address. */
async function service(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(createServer(listener))}`
}

const answering = (status: number, body = '', headers = {}) =>
  service((_, response) => response.writeHead(status, headers).end(body))

function check(
  url: string,
  more: Partial<Pick<HealthCheck, 'path' | 'expect'>> & { headers?: Record<string, string> } = {},
) {
  const headers = Object.entries(more.headers ?? {}).map(([name, value]) => [name, new Secret(value)])
  return {
    label: 'web',
    url: new Secret(url),
    path: more.path ?? null,
    expect: more.expect ?? null,
    hint: null,
    headers: Object.fromEntries(headers),
  }
}

const openssl = 'openssl'

/** A key and a certificate that it signed itself. */
function selfSigned(): { readonly key: Buffer; readonly cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'http-prober-'))
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=x']
  execFileSync(openssl, [...kind, '-keyout', 'key', '-out', 'cert'], { cwd: folder, stdio: 'ignore' })
  const pair = { key: readFileSync(join(folder, 'key')), cert: readFileSync(join(folder, 'cert')) }
  rmSync(folder, { recursive: true })
  return pair
}

const ask = (question: HealthCheck, timeoutMs = 2000) => httpProber().ask(question, timeoutMs, signal)

describe('what passes', () => {
  it.each([
    [200, null, true, 'answered 200'],
    [204, null, true, 'answered 204'],
    [401, null, false, 'answered 401'],
    [503, null, false, 'answered 503'],
    [401, '401', true, 'answered 401, expected 401'],
    [403, '401', false, 'answered 403, expected 401'],
    [200, '401', false, 'answered 200, expected 401'],
    [304, null, false, 'answered 304'],
  ])('status %i, expecting %j: %j', async (status, expected, passed, why) => {
    expect(await ask(check(await answering(status), { expect: expected }))).toEqual({ passed, why })
  })

  it.each([
    [200, ' pong\n', 'pong', true],
    [200, 'pong?', 'pong', false],
    [200, '', '', true],
    [500, 'pong', 'pong', false],
    [200, '2000', '2000', true],
  ])('status %i with body %j, expecting %j: %j', async (status, body, expected, passed) => {
    expect((await ask(check(await answering(status, body), { expect: expected }))).passed).toBe(passed)
  })

  it.each([
    ['{"res":"pong"}', '$.res', 'pong', true],
    ['{"a":{"b":[1,2.50]}}', '$.a.b[1]', '2.5', true],
    ['{"ok":true}', '$.ok', 'true', true],
    ['{"ok":null}', '$.ok', 'null', true],
    ['{"list":[{"n":"a","up":false},{"n":"b","up":true}]}', "$.list[?@.n=='b'].up", 'true', true],
    ['{"a":{"b":1}}', '$.a', '{"b":1}', true],
    ['{"status":200}', '$.status', '200', true],
    ['{"res":"pong"}', '$.res', null, true],
    ['{}', '$.res', null, false],
    ['{"res":"other"}', '$.res', 'pong', false],
  ])('JSON %j at %j, expecting %j: %j', async (body, path, expected, passed) => {
    expect((await ask(check(await answering(200, body), { path, expect: expected }))).passed).toBe(passed)
  })

  it('judges the value at a path in place of the status', async () => {
    const url = await answering(503, '{"res":"pong"}')

    expect((await ask(check(url, { path: '$.res', expect: 'pong' }))).passed).toBe(true)
    expect((await ask(check(url, { path: '$.res' }))).passed).toBe(false)
  })

  it('sends the headers', async () => {
    const url = await service((request, response) => {
      response.writeHead(request.headers.authorization === 'Bearer token' ? 200 : 401).end()
    })

    expect((await ask(check(url, { headers: { Authorization: 'Bearer token' } }))).passed).toBe(true)
  })

  it('needs no more than the head of a stream that never ends', async () => {
    const url = await service((_, response) => response.writeHead(200).write('event: one\n\n'))

    expect(await ask(check(url))).toEqual({ passed: true, why: 'answered 200' })
  })

  it('takes a certificate that nobody vouches for', async () => {
    const server = createSecureServer(selfSigned(), (_, response) => response.end('secure'))
    const port = await listening(server)

    expect(await ask(check(`https://127.0.0.1:${port}/`, { expect: 'secure' }))).toMatchObject({ passed: true })
  })
})

describe('redirects', () => {
  it('are followed, with the headers on the same origin', async () => {
    const url = await service((request, response) => {
      if (request.url === '/') return response.writeHead(302, { location: '/next?x=1' }).end()
      return response.end(`${request.url} ${request.headers['x-key']}`)
    })

    expect(await ask(check(url, { expect: '/next?x=1 key', headers: { 'x-key': 'key' } }))).toMatchObject({
      passed: true,
    })
  })

  it('do not carry the headers to another origin', async () => {
    const other = await service((request, response) => response.end(`key: ${request.headers['x-key']}`))
    const url = await answering(307, '', { location: other })

    expect(await ask(check(url, { expect: 'key: undefined', headers: { 'x-key': 'key' } }))).toMatchObject({
      passed: true,
    })
  })

  it('are given up after five', async () => {
    let count = 0
    const url = await service((_, response) => response.writeHead(302, { location: `/${count++}` }).end())

    expect(await ask(check(url))).toEqual({ passed: false, why: 'it redirects more than 5 times' })
    expect(count).toBe(6)
  })

  it.each(['file:///etc/passwd', 'http://', 'ftp://127.0.0.1/'])('do not lead to %j', async (location) => {
    expect(await ask(check(await answering(302, '', { location })))).toEqual({ passed: false, why: 'answered 302' })
  })
})

describe('why not', () => {
  it.each([
    ['pong?', { expect: 'pong' }, 'got "pong?" in the body, expected "pong"'],
    ['{"res":"pong?"}', { path: '$.res', expect: 'pong' }, 'got "pong?" at $.res, expected "pong"'],
    ['{}', { path: '$.res', expect: 'pong' }, 'found nothing at $.res'],
    ['<html>', { path: '$.res', expect: 'pong' }, 'the body is not JSON'],
    ['{}', { path: '$[', expect: 'pong' }, '$[ is not a JSONPath'],
    ['x'.repeat(1024 * 1024 + 1), { expect: 'pong' }, 'the body is longer than 1 MiB'],
  ])('says what it found: %#', async (body, more, why) => {
    expect(await ask(check(await answering(200, body), more))).toEqual({ passed: false, why })
  })

  it('shows the beginning of a long answer', async () => {
    const { why } = await ask(check(await answering(200, 'x'.repeat(10_000)), { expect: 'pong' }))

    expect(why.length).toBeLessThan(120)
  })

  it('says so when nobody listens', async () => {
    const server = createSocketServer()
    const port = await listening(server as unknown as Server)
    server.close()

    expect(await ask(check(`http://127.0.0.1:${port}/`))).toEqual({ passed: false, why: 'connection refused' })
  })

  it('says so when what listens speaks another language, or hangs up', async () => {
    const strange = createSocketServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'))
    const rude = createSocketServer((socket) => socket.destroy())
    const ports = [await listening(strange as unknown as Server), await listening(rude as unknown as Server)]

    expect(await ask(check(`http://127.0.0.1:${ports[0]}/`))).toEqual({ passed: false, why: 'it does not speak HTTP' })
    expect(await ask(check(`https://127.0.0.1:${ports[0]}/`))).toEqual({ passed: false, why: 'it does not speak TLS' })
    expect(await ask(check(`http://127.0.0.1:${ports[1]}/`))).toMatchObject({ passed: false })
  })

  it('gives up when the time is up, before an answer and within one', async () => {
    const silent = await service(() => {})
    const slow = await service((_, response) => response.writeHead(200).write('x'))

    expect(await ask(check(silent), 100)).toEqual({ passed: false, why: 'no answer within 0.1 s' })
    expect(await ask(check(slow, { expect: 'xx' }), 100)).toEqual({ passed: false, why: 'no answer within 0.1 s' })
  })

  it('gives up at once when cancelled', async () => {
    const cancel = new AbortController()
    const answer = httpProber().ask(check(await service(() => {})), 5000, cancel.signal)
    cancel.abort()

    expect(await answer).toEqual({ passed: false, why: 'cancelled' })
    expect(await httpProber().ask(check('http://127.0.0.1:1/'), 5000, AbortSignal.abort())).toMatchObject({
      passed: false,
    })
  })

  it.each(['', 'localhost:80', '/health', 'file:///etc/passwd', 'http://', '{url}'])(
    'takes %j for no URL',
    async (url) => {
      expect(await ask(check(url))).toEqual({ passed: false, why: 'the URL is not one of http or https' })
    },
  )

  it('never shows a secret, whatever the service answers', async () => {
    const echo = await service((request, response) => {
      const { authorization, ...rest } = request.headers
      response.end(`${authorization} ${rest['x-key']} ${request.url}`)
    })
    const url = echo.replace('http://', 'http://user:pass-word@')
    const headers = { Authorization: 'Bearer tok3n-tok3n', 'x-key': 'k3y-k3y-k3y' }

    const { why } = await ask(check(`${url}/?token=hunter2hunter2&a=1`, { expect: 'nothing', headers }))

    for (const secret of ['tok3n', 'k3y', 'hunter2', 'pass-word']) expect(why).not.toContain(secret)
    expect(why).toContain('***')
  })

  it.each([{ 'x-key': 'hunter2\nhunter2' }, { 'bad name hunter2': 'x' }])(
    'never throws and shows no header that cannot be sent: %#',
    async (headers) => {
      const answer = await ask(check(await answering(200), { headers }))

      expect(answer.passed).toBe(false)
      expect(answer.why).toMatch(/^a header /)
    },
  )

  it('leaves no connection open', async () => {
    const server = createServer((_, response) => response.writeHead(200).write('and so on'))
    const port = await listening(server)
    await ask(check(`http://127.0.0.1:${port}/`))

    await expect.poll(() => new Promise((resolve) => server.getConnections((_, count) => resolve(count)))).toBe(0)
  })
})
