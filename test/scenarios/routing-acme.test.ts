import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { expect, it, onTestFinished } from 'vitest'
import { run } from '../../reconciler/adapters/process/run.ts'
import { testEngine } from '../engine/test-engine.ts'
import { desiredOf, makeRouted, type Routed, site } from './support/routed.ts'
import { until } from './support/until.ts'

it('a site with a public name gets its certificate from the ACME server that stack.toml names, and keeps it', {
  timeout: 240_000,
}, async ({ annotate }) => {
  const host = await makeRouted({})
  const domain = `${host.prefix}.example`
  const photos = `photos.${domain}`
  await answersTo(host, photos)
  for (const [path, text] of Object.entries(served(host))) await host.write(path, text)
  await host.write('desired/desired.toml', desiredOf({}))
  await host.inDomain(domain)
  await host.commit()
  await converges(host)
  const authority = await startAuthority(host, `ca.${domain}`)
  await host.write('certs/root.crt', authority.root)
  await host.write('stack.toml', `${await host.read('stack.toml')}${authority.settings}`)
  await host.write('desired/desired.toml', desiredOf({ photos: '' }))
  await host.commit()

  await converges(host)
  const first = await certificateOf(host, photos, authority.root)

  expect(await host.visit(`https://${photos}/`, authority.root)).toMatchObject({ status: 200, body: 'photos at home' })
  expect(await host.visit(`http://${photos}/`)).toMatchObject({
    status: 308,
    location: `https://${photos}:${host.https}/`,
  })
  expect(first.issuer).toContain('Authority of a test')
  await expect(host.visit(`https://${photos}/`)).rejects.toThrow(/certificate/)
  expect((await host.stack('reconcile', '--json')).json).toMatchObject({ outcome: 'converged', steps: [] })
  const { json } = await host.stack('status', '--json')
  expect(json.condition.ready).toBe(true)
  expect(json.certificates).toEqual([
    { host: photos, tls: 'auto', until: first.until.toISOString(), daysLeft: 0, isEnding: false },
  ])

  const orders = await authority.orders()
  const solved = (await linesOf(host, host.caddy)).flatMap((line) => /"challenge_type":"([^"]+)"/.exec(line)?.[1] ?? [])
  await host.docker(['rm', '--force', host.caddy])
  await converges(host)
  const second = await certificateOf(host, photos, authority.root)

  expect(second.fingerprint).toBe(first.fingerprint)
  expect(orders).toBeGreaterThan(0)
  expect(await authority.orders()).toBe(orders)
  await annotate(`until ${first.until.toISOString()}, ${orders} orders, challenges: ${[...new Set(solved)].join(', ')}`)
})

it('a root that is not in the repository stalls the run, and everything is served as before', {
  timeout: 90_000,
}, async () => {
  const host = await makeRouted({})
  const files = site('photos', `${host.prefix}-photos`, { 'stacklet.toml': 'id = "photos"\n[route]\nport = 80\n' })
  for (const [path, text] of Object.entries(files)) await host.write(path, text)
  await host.write('desired/desired.toml', desiredOf({ photos: '' }))
  await host.commit()
  await converges(host)
  const own = 'acme_ca = "https://ca.home.internal/acme/acme/directory"\nacme_ca_root = "certs/root.crt"\n'
  await host.write('stack.toml', `${await host.read('stack.toml')}${own}`)
  await host.commit()

  const run = await host.stack('reconcile', '--json')

  expect(run.code).toBe(1)
  expect(run.json.error).toMatchObject({
    message: expect.stringContaining('caddy.acme_ca_root names certs/root.crt, which there is none of'),
  })
  expect(await host.visit('http://photos.home.internal/')).toMatchObject({ status: 200, body: 'photos at home' })
})

async function converges(host: Routed): Promise<void> {
  expect((await host.stack('reconcile', '--json')).json).toMatchObject({ error: null, outcome: 'converged' })
}

function served(host: Routed): Readonly<Record<string, string>> {
  return site('photos', `${host.prefix}-photos`, { 'stacklet.toml': 'id = "photos"\n[route]\nport = 80\n' })
}

/** What a name server does elsewhere: this name leads to our Caddy, for whoever asks on the shared network. */
async function answersTo(host: Routed, name: string): Promise<void> {
  const file = 'stacklets/core/docker-compose.yml'
  const compose = await host.read(file)
  const named = compose.replace(
    '    networks:\n      - stack\n',
    `    networks:\n      stack:\n        aliases: [${name}]\n`,
  )
  expect(named).not.toBe(compose)
  await host.write(file, named)
}

interface Authority {
  /** PEM of its root. */
  readonly root: string
  /** What `[caddy]` says of it. */
  readonly settings: string
  /** How often a certificate was asked of it. */
  readonly orders: () => Promise<number>
}

/** A Caddy of its own on the shared network, which signs what is asked of it by ACME under this name. */
async function startAuthority(host: Routed, name: string): Promise<Authority> {
  const container = `${host.prefix}-authority`
  const folder = join(host.folder, 'data', 'authority')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'config.json'), JSON.stringify(authorityConfig(name)))
  const words = ['--network', 'stack', '--network-alias', name, '--volume', `${folder}:/data`]
  const command = [testEngine().images.caddy, 'caddy', 'run', '--config', '/data/config.json']
  onTestFinished(async () => void (await host.docker(['rm', '--force', container])))
  await host.docker(['run', '--detach', '--name', container, ...words, ...command])
  const rootFile = join(folder, 'caddy/pki/authorities/local/root.crt')
  const root = await until(() => readFile(rootFile, 'utf8').catch(() => null), { withinMs: 20_000 })
  const settings = {
    acme_ca: `https://${name}/acme/local/directory`,
    acme_ca_root: 'certs/root.crt',
    email: 'ada@a.example',
  }
  return {
    root,
    settings: Object.entries(settings)
      .map(([key, value]) => `${key} = "${value}"\n`)
      .join(''),
    orders: async () =>
      (await linesOf(host, container)).filter((line) => line.includes('/acme/local/new-order')).length,
  }
}

function authorityConfig(name: string): unknown {
  const routes = [{ match: [{ host: [name] }], handle: [{ handler: 'acme_server' }] }]
  const local = { name: 'Authority of a test', install_trust: false }
  return {
    admin: { disabled: true },
    apps: {
      pki: { certificate_authorities: { local } },
      http: { servers: { acme: { listen: [':443'], routes, logs: {}, automatic_https: { disable_redirects: true } } } },
      tls: { automation: { policies: [{ subjects: [name], issuers: [{ module: 'internal' }] }] } },
    },
  }
}

async function linesOf(host: Routed, container: string): Promise<readonly string[]> {
  const { stderr } = await run(['docker', 'logs', container], { env: host.env })
  return stderr.split('\n')
}

interface Certificate {
  readonly fingerprint: string
  readonly issuer: string
  readonly until: Date
}

/** What Caddy shows for a name, once it has some: of an authority with this root. */
async function certificateOf(host: Routed, name: string, root: string): Promise<Certificate> {
  let why = 'nothing was tried'
  const ask = () =>
    shown(host, name, root).catch((error: Error) => {
      why = error.message
      return null
    })
  return until(ask, { withinMs: 90_000, what: () => why })
}

async function shown({ https }: Routed, name: string, ca: string): Promise<Certificate> {
  const socket = connect({ host: '127.0.0.1', port: https, servername: name, ca })
  try {
    await once(socket, 'secureConnect')
    const { fingerprint256, issuer, valid_to } = socket.getPeerCertificate()
    return { fingerprint: fingerprint256, issuer: String(issuer.CN), until: new Date(valid_to) }
  } finally {
    socket.destroy()
  }
}
