import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../reconciler/adapters/process/run.ts'
import { desiredOf, makeRouted, type Routed, site } from './support/routed.ts'

describe('names', () => {
  let host: Routed

  beforeAll(async () => {
    host = await makeRouted({}, { onEnd: (cleanUp) => afterAll(cleanUp) })
    const name = (id: string): string => `${host.prefix}-${id}`
    const files = {
      ...site('photos', name('photos'), { 'stacklet.toml': 'id = "photos"\n[route]\nport = 80\n' }),
      ...site('docs', name('docs'), {
        'caddy.snippet': `docs.{$FAMSTACK_DOMAIN} {\n\treverse_proxy ${name('docs')}:80\n}\n`,
      }),
      ...site('plain', name('plain'), {
        'stacklet.toml': 'id = "plain"\n[[route]]\nhost = "plain.{domain}"\nport = 80\ntls = "off"\n',
      }),
      ...site('one', name('one'), {
        'stacklet.toml': 'id = "one"\n[route]\nhost = "apps.{domain}"\npath = "/one"\nport = 80\n',
      }),
      ...site('two', name('two')),
      'desired/desired.toml': desiredOf({
        photos: '',
        docs: '',
        plain: '',
        one: '',
        two: '[stacklets.two.route]\nhost = "apps.home.internal"\npath = "/two"\nport = 80\n',
      }),
    }
    for (const [path, text] of Object.entries(files)) await host.write(path, text)
    await host.commit()

    expect((await host.stack('reconcile', '--json')).json).toMatchObject({ outcome: 'converged' })
  })

  it('lead to three stacklets by host and to two by path on one host', async () => {
    expect(await host.visit('http://photos.home.internal/')).toMatchObject({ status: 200, body: 'photos at home' })
    expect(await host.visit('http://docs.home.internal/deep/')).toMatchObject({ status: 200, body: 'docs deeper' })
    expect(await host.visit('http://plain.home.internal/')).toMatchObject({ status: 200, body: 'plain at home' })
    expect(await host.visit('http://apps.home.internal/one/deep/')).toMatchObject({ status: 200, body: 'one deeper' })
    expect(await host.visit('http://apps.home.internal/two')).toMatchObject({ status: 200, body: 'two at home' })
  })

  it('have certificates that the authority of this host vouches for', async () => {
    const { stdout: ca } = await host.stack('config', 'ca')

    expect(await host.visit('https://photos.home.internal/', ca)).toMatchObject({ status: 200, body: 'photos at home' })
    expect(await host.visit('https://docs.home.internal/', ca)).toMatchObject({ status: 200, body: 'docs at home' })
    expect(await host.visit('https://apps.home.internal/two/deep/', ca)).toMatchObject({ body: 'two deeper' })
    await expect(host.visit('https://photos.home.internal/')).rejects.toThrow(/certificate/)
    await expect(host.visit('https://plain.home.internal/', ca)).rejects.toThrow()
  })

  it('that nobody has are answered by a page of ours', async () => {
    const page = await host.visit('http://nobody.home.internal/')

    expect(page).toMatchObject({ status: 404 })
    expect(page.body).toContain('Nothing here')
  })

  it('are shown with what answers there and how long their certificates last', async () => {
    const { json } = await host.stack('status', '--json')
    const urls = json.stacklets.flatMap((one: { urls: { url: string; answers: boolean }[] }) => one.urls)

    expect(urls).toHaveLength(5)
    expect(urls.every((one: { answers: boolean }) => one.answers)).toBe(true)
    expect(json.stacklets.find((one: { id: string }) => one.id === 'docs').url).toBe(
      `http://docs.home.internal:${host.http}`,
    )
    expect(json.certificates.map((one: { host: string }) => one.host)).toEqual([
      'apps.home.internal',
      'docs.home.internal',
      'photos.home.internal',
    ])
  })

  it('cost nothing when nothing changes: no step, no reload', async () => {
    const before = await loads(host)
    const { json } = await host.stack('reconcile', '--json')

    expect(json).toMatchObject({ outcome: 'converged', steps: [] })
    expect(before).toBeGreaterThan(1)
    expect(await loads(host)).toBe(before)
  })

  it('say that their stacklet is down when it is, and lead to it again when it is up', async () => {
    await host.stack('down', 'photos')
    const down = await host.visit('http://photos.home.internal/')
    const others = await host.visit('http://docs.home.internal/')
    const status = (await host.stack('status', 'photos', '--json')).json
    await host.stack('up', 'photos')

    expect(down).toMatchObject({ status: 503 })
    expect(down.body).toContain('Not running')
    expect(others.status).toBe(200)
    expect(JSON.stringify(status)).toContain('"answers":false')
    expect(await host.visit('http://photos.home.internal/')).toMatchObject({ status: 200 })
  })

  it('say so as well when a container died and nobody has looked yet', async () => {
    await host.docker(['kill', `${host.prefix}-two`])

    expect(await host.visit('http://apps.home.internal/two/')).toMatchObject({ status: 503 })
    expect(await host.visit('http://apps.home.internal/one/')).toMatchObject({ status: 200 })
    await host.stack('reconcile')
    expect(await host.visit('http://apps.home.internal/two/')).toMatchObject({ status: 200 })
  })

  it('are given up by what leaves', async () => {
    await host.stack('destroy', 'plain', '--yes')

    expect(await host.visit('http://plain.home.internal/')).toMatchObject({ status: 404 })
  })
})

/** How often Caddy took a configuration: with each it begins to look after certificates anew, and says so. */
async function loads(host: Routed): Promise<number> {
  const { stderr } = await run(['docker', 'logs', host.caddy], { env: host.env })
  return stderr.split('\n').filter((line) => line.includes('started background certificate maintenance')).length
}
