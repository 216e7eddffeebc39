import { describe, expect, it } from 'vitest'
import { alteredIn, at } from '../../../reconciler/adapters/caddy/altered-in.ts'
import { assemble } from '../../../reconciler/adapters/caddy/assemble.ts'
import { canonical } from '../../../reconciler/adapters/caddy/config.ts'
import { makePart } from '../../../reconciler/adapters/caddy/content.ts'
import { merged } from '../../../reconciler/adapters/caddy/merged.ts'
import { declaredEntry } from '../../../reconciler/adapters/caddy/part-of.ts'
import type { StackletId } from '../../../reconciler/model/names.ts'
import type { Front, RoutePart, Tls } from '../../../reconciler/model/route.ts'

const front: Front = {
  admin: null,
  stacklet: null,
  httpPort: 80,
  httpsPort: 443,
  onlyHttps: false,
  acme: { email: null, ca: null, root: null },
}

function part(stacklet: string, host: string, { path = '', tls = 'internal' as Tls, isUp = true } = {}): RoutePart {
  const place = { file: '', line: 0, column: 0 }
  const route = {
    host,
    path,
    strip: true,
    service: null,
    port: null,
    tls,
    at: place,
    dials: [`${stacklet}:80`],
    isPatient: false,
  }
  return { ...makePart(stacklet as StackletId, { entries: [declaredEntry(route)], errors: [], policies: [] }), isUp }
}

interface Shown {
  readonly '@id'?: string
  readonly handle: readonly { readonly handler: string; readonly status_code?: number }[]
}

/** The routes of a server by name, with what they do. */
function shown(config: unknown, name: string): readonly string[] {
  const routes = at(config, 'apps', 'http', 'servers', name, 'routes') as readonly Shown[]
  return routes.map(({ '@id': id = 'rest', handle }) => `${id} ${handle.at(-1)?.status_code ?? handle.at(-1)?.handler}`)
}

describe('the whole configuration', () => {
  it('is the same for the same parts, in whatever order they come', () => {
    const parts = [part('b', 'b.lan'), part('a', 'a.lan'), part('c', 'a.lan', { path: '/c' })]

    expect(canonical(assemble(parts, front))).toBe(canonical(assemble([...parts].reverse(), front)))
  })

  it('asks longer paths first, and us last', () => {
    const parts = [part('a', 'x.lan'), part('b', 'x.lan', { path: '/deep' }), part('c', 'x.lan', { path: '/deep/er' })]

    expect(shown(assemble(parts, front), 'plain')).toEqual([
      'stack.c.0.plain reverse_proxy',
      'stack.b.0.plain reverse_proxy',
      'stack.a.0.plain reverse_proxy',
      'rest 404',
    ])
  })

  it.each<[string, Tls, boolean, string, readonly string[]]>([
    [
      'both ways where the certificate is our own',
      'internal',
      false,
      'reverse_proxy',
      ['stack.a.0.secure reverse_proxy'],
    ],
    ['with TLS alone where that is wished', 'internal', true, '308', ['stack.a.0.secure reverse_proxy']],
    ['with TLS alone where the certificate is public', 'auto', false, '308', ['stack.a.0.secure reverse_proxy']],
    ['without TLS', 'off', true, 'reverse_proxy', []],
  ])('serves a site %s', (_, tls, onlyHttps, plain, secure) => {
    const config = assemble([part('a', 'a.example', { tls })], { ...front, onlyHttps })

    expect(shown(config, 'plain')).toEqual([`stack.a.0.plain ${plain}`, 'rest 404'])
    expect(shown(config, 'secure')).toEqual([...secure, 'rest 404'])
  })

  it('says 503 for what is down', () => {
    const config = assemble([part('a', 'a.lan', { isUp: false })], front)

    expect(shown(config, 'plain')).toEqual(['stack.a.0.plain 503', 'rest 404'])
    expect(shown(config, 'secure')).toEqual(['stack.a.0.secure 503', 'rest 404'])
  })

  it('always keeps the admin API on its socket, and saves nothing of its own', () => {
    expect(at(assemble([], front), 'admin')).toEqual({
      listen: 'unix//run/stack/admin.sock',
      config: { persist: false },
    })
  })

  it('asks the authority that is set, for public names alone', () => {
    const parts = [part('a', 'a.lan'), part('b', 'b.example', { tls: 'auto' })]
    const acme = { email: 'me@b.example', ca: 'https://ca.lan/directory', root: 'PEM' }
    const config = assemble(parts, { ...front, acme })

    expect(at(config, 'apps', 'tls', 'automation', 'policies')).toEqual([
      { subjects: ['a.lan'], issuers: [{ module: 'internal' }] },
      {
        subjects: ['b.example'],
        issuers: [
          {
            module: 'acme',
            ca: 'https://ca.lan/directory',
            email: 'me@b.example',
            trusted_roots_pem_files: [expect.stringMatching(/^\/run\/stack\/acme-root-[0-9a-f]{16}\.pem$/)],
          },
        ],
      },
    ])
  })

  it('is another one when the root of that authority is another one', () => {
    const withRoot = (root: string) =>
      canonical(
        assemble([part('b', 'b.example', { tls: 'auto' })], {
          ...front,
          acme: { ...front.acme, ca: 'https://ca.lan/d', root },
        }),
      )

    expect(withRoot('one')).not.toBe(withRoot('another'))
  })
})

describe('what somebody did to it', () => {
  it('is found by the stacklet whose route is not as it was loaded', () => {
    const parts = [part('a', 'a.lan'), part('b', 'b.lan')]
    const text = canonical(assemble(parts, front)).replaceAll('"b:80"', '"evil:80"')

    expect(alteredIn(JSON.parse(text), parts, front)).toEqual(['b'])
    expect(alteredIn(assemble(parts, front), parts, front)).toEqual([])
    expect(alteredIn({}, parts, front)).toEqual(['a', 'b'])
  })
})

describe('a Caddy that serves others, too', () => {
  const theirs = { match: [{ host: ['theirs.example'] }], handle: [{ handler: 'reverse_proxy' }] }
  const before = {
    admin: { listen: 'localhost:2019' },
    apps: { http: { servers: { srv0: { listen: [':443'], routes: [theirs] } } } },
  }

  it('serves ours before theirs, and keeps everything of theirs', () => {
    const config = merged(before, [], [part('a', 'a.lan')], front)

    expect(at(config, 'admin')).toEqual(before.admin)
    expect(shown(config, 'srv0')).toEqual(['stack.a.0.secure reverse_proxy', 'rest reverse_proxy'])
    expect(shown(config, 'stack-plain')).toEqual(['stack.a.0.plain reverse_proxy'])
  })

  it('is as it was when ours are gone, and the same when they come twice', () => {
    const parts = [part('a', 'a.lan'), part('b', 'b.example', { tls: 'auto' })]
    const asked = { ...front, acme: { ...front.acme, email: 'me@b.example' } }
    const once = merged(before, [], parts, asked)

    expect(canonical(merged(once, parts, parts, asked))).toBe(canonical(once))
    expect(canonical(merged(once, parts, [], asked))).toBe(canonical(before))
  })

  it('keeps how their certificates are had, but for hosts that are ours now', () => {
    const own = { subjects: ['theirs.example', 'a.lan'], issuers: [{ module: 'internal' }] }
    const all = { issuers: [{ module: 'acme' }] }
    const tls = { automation: { policies: [own, all] } }
    const config = merged({ ...before, apps: { ...before.apps, tls } }, [], [part('a', 'a.lan')], front)

    expect(at(config, 'apps', 'tls', 'automation', 'policies')).toEqual([
      { subjects: ['a.lan'], issuers: [{ module: 'internal' }] },
      { ...own, subjects: ['theirs.example'] },
      all,
    ])
  })

  it('says 503 for a site of ours that does not answer, and what it likes for its own', () => {
    const config = merged(before, [], [part('a', 'a.lan')], front)

    expect(at(config, 'apps', 'http', 'servers', 'srv0', 'errors', 'routes')).toMatchObject([
      { '@id': 'stack.errors.0.secure', match: [{ host: ['a.lan'] }], handle: [{ status_code: 503 }] },
    ])
  })

  it.each([':80', 'tcp/:80', '0.0.0.0:80', '[::]:80'])('is joined where it listens on %s', (address) => {
    const live = { apps: { http: { servers: { srv1: { listen: [address], routes: [theirs] } } } } }

    expect(shown(merged(live, [], [part('a', 'a.lan')], front), 'srv1')[0]).toBe('stack.a.0.plain reverse_proxy')
  })

  it('gets a server of ours where its own listens on one address alone', () => {
    const live = { apps: { http: { servers: { srv1: { listen: ['127.0.0.1:80'], routes: [theirs] } } } } }
    const config = merged(live, [], [part('a', 'a.lan')], front)

    expect(shown(config, 'srv1')).toEqual(['rest reverse_proxy'])
    expect(shown(config, 'stack-plain')).toEqual(['stack.a.0.plain reverse_proxy'])
  })
})
