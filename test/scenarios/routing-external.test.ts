import { readFileSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { at } from '../../reconciler/adapters/caddy/altered-in.ts'
import { type AdminPlace, adminPlace, askAdmin } from '../../reconciler/adapters/caddy/ask-admin.ts'
import { endDaemon, startDaemon } from '../../reconciler/adapters/process/daemon.ts'
import { freePort, uniqueName } from '../engine/ports.ts'
import { testEngine } from '../engine/test-engine.ts'
import { desiredOf, makeRouted, type Routed, site } from './support/routed.ts'
import { until } from './support/until.ts'

const { signal } = new AbortController()

it.each(['a socket', 'a port'])(
  'a Caddy of the host that listens on %s serves our sites before its own, and is as it was when they leave',
  {
    timeout: 180_000,
  },
  async (where) => {
    const host = await makeRouted({})
    const caddy = await startCaddy(
      host,
      where === 'a socket' ? `unix/${host.folder}/admin.sock` : `localhost:${await freePort()}`,
    )
    const before = await caddy.config()
    await declare(host, caddy)

    await converges(host)
    const { stdout: ca } = await host.stack('config', 'ca')

    expect(await host.visit('http://photos.home.internal/')).toMatchObject({ status: 200, body: 'photos at home' })
    expect(await host.visit('https://photos.home.internal/', ca)).toMatchObject({ status: 200, body: 'photos at home' })
    expect(await host.visit('http://docs.home.internal/')).toMatchObject({ status: 200, body: 'docs at home' })
    expect(await host.visit('http://theirs.home.internal/')).toMatchObject({ status: 200, body: 'theirs' })
    expect(await host.visit('https://safe.home.internal/', ca)).toMatchObject({ status: 200, body: 'theirs, safely' })
    expect(await namesOn(caddy, `:${host.http}`)).toEqual(['stack.docs.0.plain', 'stack.photos.0.plain', 'theirs'])
    expect(await host.docker(['ps', '--all', '--quiet', '--filter', `name=${host.caddy}`])).toBe('')

    const changes = await caddy.changes()
    expect((await host.stack('reconcile', '--json')).json).toMatchObject({ outcome: 'converged', steps: [] })
    expect(changes).toBeGreaterThan(0)
    expect(await caddy.changes()).toBe(changes)

    await host.docker(['kill', `${host.prefix}-docs`])
    expect(await host.visit('http://docs.home.internal/')).toMatchObject({
      status: 503,
      body: expect.stringContaining('Not running'),
    })

    for (const id of ['photos', 'docs']) await host.stack('destroy', id, '--yes')

    expect(await caddy.config()).toEqual(before)
    expect((await host.visit('http://photos.home.internal/')).body).toBe('')
    expect(await host.visit('http://theirs.home.internal/')).toMatchObject({ status: 200, body: 'theirs' })
  },
)

it('a Caddy of the host that is gone fails the run, and one that came back without our sites gets them again', {
  timeout: 180_000,
}, async () => {
  const host = await makeRouted({})
  const caddy = await startCaddy(host, `unix/${host.folder}/admin.sock`)
  await declare(host, caddy)
  await converges(host)

  await caddy.stop()
  const run = await host.stack('reconcile', '--json')
  const status = (await host.stack('status', '--json')).json

  expect(run.code).toBe(1)
  expect(run.json.error).toMatchObject({
    code: 'STACK_PROXY_UNREACHABLE',
    message: `Caddy at ${caddy.admin} does not answer`,
    hint: expect.stringContaining('start it'),
  })
  expect(status.condition.ready).toBe(false)
  expect(JSON.stringify(status)).toContain('connection refused')

  await caddy.start()
  expect((await host.visit('http://photos.home.internal/')).body).toBe('')
  expect((await host.stack('plan', '--json')).json.steps).toMatchObject([
    { kind: 'route', stacklet: 'docs', because: 'changed on the host' },
    { kind: 'route', stacklet: 'photos', because: 'changed on the host' },
  ])

  await converges(host)

  expect(await host.visit('http://photos.home.internal/')).toMatchObject({ status: 200, body: 'photos at home' })
  expect(await host.visit('http://theirs.home.internal/')).toMatchObject({ status: 200, body: 'theirs' })
  expect((await host.stack('reconcile', '--json')).json).toMatchObject({ outcome: 'converged', steps: [] })
})

async function converges(host: Routed): Promise<void> {
  expect((await host.stack('reconcile', '--json')).json).toMatchObject({ error: null, outcome: 'converged' })
}

/** One site by a route and one by a snippet, each published where a program of the host reaches it. */
async function declare(host: Routed, { admin }: Caddy): Promise<void> {
  const [photos, docs] = [await freePort(), await freePort()]
  const snippet = `docs.{$STACK_DOMAIN} {\n\treverse_proxy 127.0.0.1:${docs}\n}\n`
  const files = {
    ...published(host, 'photos', photos, { 'stacklet.toml': `id = "photos"\nport = ${photos}\n[route]\n` }),
    ...published(host, 'docs', docs, { 'caddy.snippet': snippet }),
    'desired/desired.toml': desiredOf({ photos: '', docs: '' }),
    'stack.toml': `${await host.read('stack.toml')}admin = "${admin}"\n`,
  }
  for (const [path, text] of Object.entries(files)) await host.write(path, text)
  await host.commit()
}

function published(host: Routed, id: string, port: number, more: Readonly<Record<string, string>>) {
  const files = site(id, `${host.prefix}-${id}`, more)
  const file = `stacklets/${id}/docker-compose.yml`
  const compose = JSON.parse(files[file] ?? '')
  compose.services.web.ports = [`\${PORT_BIND_IP}:${port}:80`]
  return { ...files, [file]: JSON.stringify(compose) }
}

interface Caddy {
  readonly admin: string
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
  readonly config: () => Promise<unknown>
  /** How often somebody gave it another configuration. */
  readonly changes: () => Promise<number>
}

/** A program of the host, as somebody runs it who had one before: with two sites of its own, on this host's ports. */
async function startCaddy(host: Routed, admin: string): Promise<Caddy> {
  const folder = join(host.folder, 'data', 'theirs')
  await mkdir(folder, { recursive: true })
  await host.write('data/theirs/Caddyfile', caddyfile(host, admin))
  const program = await programIn(host, folder)
  const env = { PATH: '/usr/bin', HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const argv = [program, 'run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile']
  const logFile = join(folder, 'log')
  const place = adminPlace(admin)
  let running: Awaited<ReturnType<typeof startDaemon>> | null = null
  const caddy: Caddy = {
    admin,
    async start() {
      running = await startDaemon(argv, { env, cwd: folder, logFile })
      const what = () => `Caddy at ${admin} does not answer: ${readFileSync(logFile, 'utf8')}`
      await until(() => configAt(place).catch(() => null), { withinMs: 20_000, what })
    },
    async stop() {
      if (running !== null) await endDaemon(running, 5_000)
    },
    config: () => configAt(place),
    changes: async () => (await readFile(logFile, 'utf8')).split('\n').filter(isChange).length,
  }
  onTestFinished(caddy.stop)
  await caddy.start()
  return caddy
}

function isChange(line: string): boolean {
  return line.includes('"method":"POST"') && line.includes('"uri":"/config/"')
}

function caddyfile({ http, https }: Routed, admin: string): string {
  return `{
	admin ${admin}
	http_port ${http}
	https_port ${https}
	skip_install_trust
}
http://theirs.home.internal {
	respond theirs
}
safe.home.internal {
	tls internal
	respond "theirs, safely"
}
`
}

/** The one that the image has: it runs here as well. */
async function programIn(host: Routed, folder: string): Promise<string> {
  const container = uniqueName('caddy')
  await host.docker(['create', '--name', container, testEngine().images.caddy])
  await host.docker(['cp', `${container}:/usr/bin/caddy`, join(folder, 'program')])
  await host.docker(['rm', container])
  return join(folder, 'program')
}

async function configAt(place: AdminPlace): Promise<unknown> {
  const { text } = await askAdmin(place, { method: 'GET', path: '/config/' }, signal)
  return JSON.parse(text)
}

/** The routes of the server that listens there, in the order in which they are asked: ours by name. */
async function namesOn(caddy: Caddy, address: string): Promise<readonly string[]> {
  const servers = Object.values(at(await caddy.config(), 'apps', 'http', 'servers') as object)
  const found = servers.find((server) => (at(server, 'listen') as readonly string[]).includes(address))
  const routes = at(found, 'routes') as readonly { readonly '@id'?: string }[]
  return routes.map((route) => route['@id'] ?? 'theirs')
}
