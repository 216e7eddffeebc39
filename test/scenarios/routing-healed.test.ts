import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { desiredOf, makeRouted, type Routed, site } from './support/routed.ts'
import { until } from './support/started.ts'

let host: Routed
let ca: string

beforeAll(async () => {
  host = await makeRouted({}, { onEnd: (cleanUp) => afterAll(cleanUp) })
  const files = {
    ...site('photos', `${host.prefix}-photos`, { 'stacklet.toml': 'id = "photos"\n[route]\nport = 80\n' }),
    ...site('docs', `${host.prefix}-docs`, {
      'caddy.snippet': `docs.{$STACK_DOMAIN} {\n\treverse_proxy ${host.prefix}-docs:80\n}\n`,
    }),
    'desired/desired.toml': desiredOf({ photos: '', docs: '' }),
  }
  for (const [path, text] of Object.entries(files)) await host.write(path, text)
  await host.commit()
  expect((await host.stack('reconcile', '--json')).json).toMatchObject({ outcome: 'converged' })
  ca = (await host.stack('config', 'ca')).stdout
})

/** Both sites answer, with a certificate of the authority that was there first. */
async function answers(): Promise<boolean> {
  const pages = await Promise.all(['photos', 'docs'].map((id) => host.visit(`https://${id}.home.internal/`, ca)))
  return pages.every(({ status }) => status === 200)
}

async function healed(): Promise<void> {
  expect((await host.stack('plan', '--json')).json.empty).toBe(false)
  expect((await host.stack('reconcile', '--json')).json).toMatchObject({ outcome: 'converged' })
  expect(await answers()).toBe(true)
  expect((await host.stack('reconcile', '--json')).json).toMatchObject({ outcome: 'converged', steps: [] })
}

/** Gives Caddy a configuration as an administrator on this host would. */
async function load(edit: (config: string) => string): Promise<void> {
  const config = edit(await host.read('.stack/caddy/config.json'))
  await host.write('.stack/caddy/by-hand.json', config)
  await host.docker([
    'exec',
    host.caddy,
    'caddy',
    'reload',
    '--config',
    '/run/stack/by-hand.json',
    '--address',
    'unix//run/stack/admin.sock',
  ])
}

describe('Caddy', () => {
  it('that was killed runs again, with the certificates that it had', async () => {
    await host.docker(['kill', host.caddy])
    await healed()
  })

  it('that was removed is made again, with the certificates that it had', async () => {
    await host.docker(['rm', '--force', host.caddy])
    await healed()
  })

  it('serves everything by itself when it is restarted, before anybody looks', async () => {
    await host.docker(['restart', '--time', '0', host.caddy])
    await expect.poll(() => answers().catch(() => false), { timeout: 20_000 }).toBe(true)
    expect((await host.stack('plan', '--json')).json.empty).toBe(true)
  })

  it('whose configuration lost a site by hand gets it back, and the plan says whose', async () => {
    await load((config) => config.replaceAll('"photos.home.internal"', '"elsewhere.home.internal"'))
    expect(await host.visit('http://photos.home.internal/')).toMatchObject({ status: 404 })

    const plan = (await host.stack('plan', '--json')).json

    expect(plan.steps).toMatchObject([{ kind: 'route', stacklet: 'photos', because: 'changed on the host' }])
    await healed()
  })

  it('whose configuration was replaced as a whole by hand gets it back', async () => {
    await load(() => JSON.stringify({ admin: { listen: 'unix//run/stack/admin.sock' } }))
    await expect(host.visit('http://photos.home.internal/')).rejects.toThrow()
    await healed()
  })

  it('that was given something more by hand loses it', async () => {
    await load((config) => config.replace('"grace_period":"10s"', '"grace_period":"11s"'))
    expect((await host.stack('plan', '--json')).json.steps).toMatchObject([{ kind: 'restore-routes', stacklet: null }])
    await healed()
  })

  it('whose admin API was moved by hand is restarted with ours', async () => {
    await load((config) => config.replace('unix//run/stack/admin.sock', 'localhost:2019'))
    const isSeen = async () => (await host.stack('plan')).stdout.includes(`restart ${host.caddy}`)

    await until('the old admin API to end', isSeen)
    await healed()
  })
})
