import { expect, it } from 'vitest'
import { underLoad } from '../../bench/routing-load.ts'
import { caddyProxy } from '../../reconciler/adapters/caddy/caddy-proxy.ts'
import type { Front, RoutePart } from '../../reconciler/model/route.ts'
import { desiredOf, makeRouted, type Routed, site } from './support/routed.ts'

/** 1,000 with `STACK_ROUTE_CHANGES=1000`; on every check as many as there is time for. */
const changes = Number(process.env['STACK_ROUTE_CHANGES'] ?? 200)

it('route changes of one site go unnoticed by the visitors of another', { timeout: 120_000 + changes * 500 }, async ({
  annotate,
}) => {
  const host = await makeRouted({})
  const files = site('steady', `${host.prefix}-steady`, { 'stacklet.toml': 'id = "steady"\n[route]\nport = 80\n' })
  for (const [path, text] of Object.entries(files)) await host.write(path, text)
  await host.write('desired/desired.toml', desiredOf({ steady: '' }))
  await host.commit()
  expect((await host.stack('reconcile', '--json')).json).toMatchObject({ outcome: 'converged' })
  const visited = { port: host.http, host: 'steady.home.internal', body: 'steady at home', visitors: 8 }

  const ours = await underLoad(visited, () => changeRoutes(host, changes))
  const plain = await underLoad(visited, () => reloadPlainly(host, changes / 10))

  await annotate(
    `${changes} route changes: ${JSON.stringify(ours)}; ${changes / 10} times caddy reload: ${JSON.stringify(plain)}`,
  )
  expect(ours.visits).toBeGreaterThan(changes)
  expect(ours.failures).toBe(0)
  expect(await host.visit('http://restless.home.internal/')).toMatchObject({ status: 404 })
  expect((await host.stack('reconcile', '--json')).json).toMatchObject({ outcome: 'converged', steps: [] })
})

/** Each makes another site come, change or go. */
async function changeRoutes(host: Routed, count: number): Promise<void> {
  const proxy = caddyProxy({ instance: host.folder, validate: async () => null })
  const front: Front = {
    admin: null,
    stacklet: null,
    httpPort: host.http,
    httpsPort: host.https,
    onlyHttps: false,
    acme: { email: null, ca: null, root: null },
  }
  const { signal } = new AbortController()
  const { parts } = await proxy.served(front, signal)
  for (let index = 1; index < count; index += 1) {
    await proxy.load([...parts, await restless(index)], front, signal)
  }
  await proxy.load(parts, front, signal)

  async function restless(index: number): Promise<RoutePart> {
    const at = { file: '', line: 0, column: 0 }
    const route = {
      host: 'restless.home.internal',
      path: '',
      strip: true,
      service: null,
      port: null,
      tls: 'off',
      at,
    } as const
    const routes = [{ ...route, dials: [`restless:${1024 + index}`], isPatient: false }]
    const answer = await proxy.adapt(
      { stacklet: 'restless' as RoutePart['stacklet'], routes, snippet: null, known: null },
      front,
      signal,
    )
    if (answer.kind !== 'adapted') throw new Error(answer.kind)
    return answer.part
  }
}

/** What an administrator would type, as often as it takes. */
async function reloadPlainly(host: Routed, count: number): Promise<void> {
  const config = await host.read('.stack/caddy/config.json')
  for (let index = 0; index < count; index += 1) {
    await host.write(
      '.stack/caddy/other.json',
      config.replace('"grace_period":"10s"', `"grace_period":"${11 + index}s"`),
    )
    const words = ['--config', '/run/stack/other.json', '--address', 'unix//run/stack/admin.sock']
    await host.docker(['exec', host.caddy, 'caddy', 'reload', ...words])
  }
  await host.write('.stack/caddy/other.json', config)
  await host.docker([
    'exec',
    host.caddy,
    'caddy',
    'reload',
    '--config',
    '/run/stack/other.json',
    '--address',
    'unix//run/stack/admin.sock',
  ])
}
