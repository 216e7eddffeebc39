import { expect, it } from 'vitest'
import { underLoad } from '../../bench/routing-load.ts'
import { testEngine } from '../engine/test-engine.ts'
import { desiredOf, makeRouted, type Routed } from './support/routed.ts'

/** A page of one service without a name, a port or data of its own; `health` is what its health check runs. */
async function write(host: Routed, says: string, health = 'true'): Promise<void> {
  const service = {
    image: testEngine().images.busybox,
    init: true,
    command: [
      'sh',
      '-c',
      'mkdir -p /www && echo "$SAYS" > /www/index.html && exec httpd -f -p 80 -h /www'.replace('$', '$$$$'),
    ],
    environment: { SAYS: says },
    stop_grace_period: '1s',
    healthcheck: { test: ['CMD-SHELL', health], interval: '300ms', timeout: '1s', retries: 2 },
    networks: ['stack'],
  }
  const compose = {
    name: host.prefix,
    services: { 'stack-page-web': service },
    networks: { stack: { external: true } },
  }
  await host.write('stacklets/page/stacklet.toml', 'id = "page"\nupdate_order = "start-first"\n[route]\nport = 80\n')
  await host.write('stacklets/page/docker-compose.yml', JSON.stringify(compose))
  await host.commit()
}

it('with update_order = "start-first", visitors of a site notice neither an update nor one that fails', async () => {
  const host = await makeRouted({})
  await host.write('desired/desired.toml', desiredOf({ page: '' }))
  await write(host, 'one')
  expect((await host.stack('reconcile', '--json')).json).toMatchObject({ outcome: 'converged' })
  const visited = { port: host.http, host: 'page.home.internal', body: /^(?:one|two)$/, visitors: 4 }

  const good = await underLoad(visited, async () => {
    await write(host, 'two')
    expect((await host.stack('reconcile', '--json')).json).toMatchObject({ outcome: 'converged' })
  })

  expect(good.failures).toBe(0)
  expect(await host.visit('http://page.home.internal/')).toMatchObject({ status: 200, body: 'two' })
  expect((await containers(host)).length).toBe(1)
  expect((await host.stack('reconcile', '--json')).json).toMatchObject({ outcome: 'converged', steps: [] })
  const before = await containers(host)

  const bad = await underLoad(visited, async () => {
    await write(host, 'three', 'false')
    expect((await host.stack('reconcile')).code).toBe(1)
  })

  expect(bad.failures).toBe(0)
  expect(await host.visit('http://page.home.internal/')).toMatchObject({ status: 200, body: 'two' })
  expect(await containers(host)).toEqual(before)
})

async function containers(host: Routed): Promise<readonly string[]> {
  const words = ['ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${host.prefix}`]
  return (await host.docker(words)).split('\n')
}
