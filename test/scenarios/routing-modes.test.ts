import { expect, it } from 'vitest'
import { freePort } from '../engine/ports.ts'
import { desiredOf, makeRouted, type Routed, site } from './support/routed.ts'

async function converged(host: Routed): Promise<void> {
  expect((await host.stack('plan', '--json')).json.empty).toBe(false)
  expect((await host.stack('reconcile', '--json')).json).toMatchObject({ error: null, outcome: 'converged' })
  expect((await host.stack('reconcile', '--json')).json).toMatchObject({ outcome: 'converged', steps: [] })
}

async function urlOf(host: Routed, id: string): Promise<string> {
  const { json } = await host.stack('status', '--json')
  return json.stacklets.find((one: { id: string }) => one.id === id).url
}

it('one edit of stack.toml switches from ports to names and back', async () => {
  const port = await freePort()
  const host = await makeRouted({})
  const manifest = `id = "photos"\nport = ${port}\n[route]\n`
  const files = site('photos', `${host.prefix}-photos`, { 'stacklet.toml': manifest })
  const compose = JSON.parse(files['stacklets/photos/docker-compose.yml'] ?? '')
  compose.services.web.ports = [`\${PORT_BIND_IP}:${port}:80`]
  for (const [path, text] of Object.entries(files)) await host.write(path, text)
  await host.write('stacklets/photos/docker-compose.yml', JSON.stringify(compose))
  await host.write('desired/desired.toml', desiredOf({ photos: '' }))
  const published = () => host.docker(['port', `${host.prefix}-photos`, '80/tcp'])

  await host.inDomain('')
  await host.commit()
  await converged(host)

  expect(await urlOf(host, 'photos')).toMatch(new RegExp(`^http://[^/]+:${port}$`))
  expect(await published()).toContain(`0.0.0.0:${port}`)
  expect(await host.docker(['ps', '--all', '--quiet', '--filter', `name=${host.caddy}`])).toBe('')

  await host.inDomain('home.internal')
  await host.commit()
  const plan = (await host.stack('plan')).stdout
  await converged(host)

  expect(plan).toContain('PORT_BIND_IP')
  expect(plan).toMatch(/route +missing/)
  expect(await urlOf(host, 'photos')).toBe(`http://photos.home.internal:${host.http}`)
  expect(await published()).toBe(`127.0.0.1:${port}`)
  expect(await host.visit('http://photos.home.internal/')).toMatchObject({ status: 200, body: 'photos at home' })
  const { stdout: ca } = await host.stack('config', 'ca')

  await host.inDomain('')
  await host.commit()
  await converged(host)

  expect(await published()).toContain(`0.0.0.0:${port}`)
  expect(await host.docker(['ps', '--all', '--quiet', '--filter', `name=${host.caddy}`])).toBe('')
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('photos at home')

  await host.inDomain('home.internal', 'https = true\n')
  await host.commit()
  await converged(host)

  expect(await host.visit('http://photos.home.internal/')).toMatchObject({
    status: 308,
    location: `https://photos.home.internal:${host.https}/`,
  })
  expect(await host.visit('https://photos.home.internal/', ca)).toMatchObject({ status: 200, body: 'photos at home' })
})

it('another domain gives every site another name, and takes the old one away', async () => {
  const host = await makeRouted({})
  const snippet = `docs.{$STACK_DOMAIN} {\n\treverse_proxy ${host.prefix}-docs:80\n}\n`
  const files = site('docs', `${host.prefix}-docs`, { 'caddy.snippet': snippet })
  for (const [path, text] of Object.entries(files)) await host.write(path, text)
  await host.write('desired/desired.toml', desiredOf({ docs: '' }))
  await host.commit()
  await converged(host)

  await host.inDomain('other.lan')
  await host.commit()
  await converged(host)

  expect(await host.visit('http://docs.other.lan/')).toMatchObject({ status: 200, body: 'docs at home' })
  expect(await host.visit('http://docs.home.internal/')).toMatchObject({ status: 404 })
})
