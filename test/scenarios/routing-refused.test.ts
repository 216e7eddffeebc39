import { createServer } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../engine/ports.ts'
import { desiredOf, makeRouted, type Routed, site } from './support/routed.ts'

let host: Routed
const photos = () => site('photos', `${host.prefix}-photos`, { 'stacklet.toml': 'id = "photos"\n[route]\nport = 80\n' })

async function commit(files: Readonly<Record<string, string>>, stacklets: Readonly<Record<string, string>>) {
  for (const [path, text] of Object.entries(files)) await host.write(path, text)
  await host.write('desired/desired.toml', desiredOf({ photos: '', ...stacklets }))
  await host.commit()
}

async function idOf(name: string): Promise<string> {
  return host.docker(['inspect', '--format', '{{.Id}} {{.State.StartedAt}}', name])
}

beforeAll(async () => {
  host = await makeRouted({}, { onEnd: (cleanUp) => afterAll(cleanUp) })
  await commit(photos(), {})
  expect((await host.stack('reconcile', '--json')).json).toMatchObject({ outcome: 'converged' })
})

beforeEach(async () => {
  await host.remove('stacklets/other')
  await commit(photos(), {})
})

describe('what cannot be served', () => {
  const other = (snippet: string, more: Readonly<Record<string, string>> = {}) =>
    site('other', `${host.prefix}-other`, { 'caddy.snippet': snippet, ...more })

  it.each<[string, string, string]>([
    ['a word that Caddy does not know', 'other.{$STACK_DOMAIN} {\n\treverse_proxi other:80\n}\n', 'caddy.snippet:2'],
    ['a pattern that is none', 'other.{$STACK_DOMAIN} {\n\t@x path_regexp [\n\trespond @x hi\n}\n', 'path_regexp'],
    ['global options', '{\n\tadmin :2019\n}\nother.{$STACK_DOMAIN} {\n\trespond hi\n}\n', 'caddy.snippet:1'],
    [
      "a way to Caddy's admin API",
      'other.{$STACK_DOMAIN} {\n\treverse_proxy unix//run/stack/admin.sock\n}\n',
      'admin API',
    ],
    ['a file outside of its directory', 'other.{$STACK_DOMAIN} {\n\timport /etc/passwd\n}\n', 'caddy.snippet:2'],
    ['a file above its directory', 'other.{$STACK_DOMAIN} {\n\timport ../photos/caddy.snippet\n}\n', 'leads out'],
    ['keys of certificates', 'other.{$STACK_DOMAIN} {\n\troot * /data\n\tfile_server browse\n}\n', "Caddy's own"],
    [
      "somebody else's host",
      'photos.{$STACK_DOMAIN} {\n\trespond mine\n}\n',
      'other and photos both claim photos.home.internal',
    ],
    ['every host', ':80 {\n\trespond everything\n}\n', 'without a name'],
  ])('stalls that stacklet alone, before anything is touched: %s', async (_, snippet, words) => {
    await commit(other(snippet), { other: '' })
    const before = await idOf(`${host.prefix}-photos`)

    const plan = await host.stack('plan', '--json')
    const run = await host.stack('reconcile', '--json')

    expect(JSON.stringify(plan.json.notes)).toContain(words)
    expect(JSON.stringify(run.json.error)).toContain(words)
    expect(run.code).toBe(1)
    expect(run.json.outcome).toBe('stalled')
    expect(await host.docker(['ps', '--all', '--quiet', '--filter', `name=${host.prefix}-other`])).toBe('')
    expect(await idOf(`${host.prefix}-photos`)).toBe(before)
    expect(await host.visit('http://photos.home.internal/')).toMatchObject({ status: 200, body: 'photos at home' })
  })

  it('leaves what runs of it as it is, with the names that it has', async () => {
    await commit(other(`other.{$STACK_DOMAIN} {\n\treverse_proxy ${host.prefix}-other:80\n}\n`), { other: '' })
    await host.stack('reconcile')
    const before = await idOf(`${host.prefix}-other`)
    await commit(other('other.{$STACK_DOMAIN} {\n\treverse_proxy\n\tbroken\n}\n'), { other: '' })

    const run = await host.stack('reconcile')

    expect(run.code).toBe(1)
    expect(run.stdout + run.stderr).toContain('caddy.snippet:3')
    expect(await idOf(`${host.prefix}-other`)).toBe(before)
    expect(await host.visit('http://other.home.internal/')).toMatchObject({ status: 200, body: 'other at home' })
  })

  it('is told of two routes by their places, and who has the host keeps it', async () => {
    const route = '[stacklets.other.route]\nhost = "photos.home.internal"\nport = 80\n'
    await commit(site('other', `${host.prefix}-other`), { other: route })

    const { stdout } = await host.stack('plan')

    expect(stdout).toContain('other and photos both claim photos.home.internal')
    expect(stdout).toMatch(/desired\/desired\.toml:\d+/)
    expect(stdout).toMatch(/see stacklets\/photos\/stacklet\.toml:\d+/)
  })
})

describe('a snippet', () => {
  it('may import files of its own directory, and repeat blocks of its own', async () => {
    const snippet =
      '(headers) {\n\theader X-Here yes\n}\nother.{$STACK_DOMAIN} {\n\timport headers\n\timport parts/proxy.caddy\n}\n'
    const proxy = `reverse_proxy ${host.prefix}-other:80\n`
    await commit(site('other', `${host.prefix}-other`, { 'caddy.snippet': snippet, 'parts/proxy.caddy': proxy }), {
      other: '',
    })

    expect((await host.stack('reconcile', '--json')).json).toMatchObject({ outcome: 'converged' })
    expect(await host.visit('http://other.home.internal/')).toMatchObject({ status: 200, body: 'other at home' })
  })

  it('that is edited alone switches its route, and restarts nothing', async () => {
    const text = (page: string) =>
      `other.{$STACK_DOMAIN} {\n\trewrite / /${page}\n\treverse_proxy ${host.prefix}-other:80\n}\n`
    await commit(site('other', `${host.prefix}-other`, { 'caddy.snippet': text('') }), { other: '' })
    await host.stack('reconcile')
    const before = await idOf(`${host.prefix}-other`)
    await commit(site('other', `${host.prefix}-other`, { 'caddy.snippet': text('deep/') }), { other: '' })

    const run = await host.stack('reconcile', '--json')

    expect(run.json).toMatchObject({ outcome: 'converged' })
    expect(await host.visit('http://other.home.internal/')).toMatchObject({ body: 'other deeper' })
    expect(await idOf(`${host.prefix}-other`)).toBe(before)
  })
})

describe('a port that a program of the host has', () => {
  it('is found by the plan, with its owner, before anything is stopped', async () => {
    const port = await freePort()
    const taken = createServer().listen(port, '0.0.0.0')
    const files = site('other', `${host.prefix}-other`)
    const compose = JSON.parse(files['stacklets/other/docker-compose.yml'] ?? '')
    compose.services.web.ports = [`${port}:80`]
    await commit({ ...files, 'stacklets/other/docker-compose.yml': JSON.stringify(compose) }, { other: '' })

    const plan = await host.stack('plan')
    const run = await host.stack('reconcile')
    taken.close()

    expect(plan.stdout).toContain(`port ${port}, which other publishes, is taken by node (pid ${process.pid})`)
    expect(run.code).toBe(1)
    expect((await host.stack('reconcile', '--json')).json).toMatchObject({ outcome: 'converged' })
  })
})
