import { describe, expect, it } from 'vitest'
import { adaptAlone } from '../../../reconciler/adapters/caddy/adapt-alone.ts'
import type { StackletId } from '../../../reconciler/model/names.ts'
import type { Front } from '../../../reconciler/model/route.ts'
import type { AdaptAnswer } from '../../../reconciler/ports/front-proxy.ts'

const front: Front = {
  admin: null,
  stacklet: 'core' as StackletId,
  httpPort: 80,
  httpsPort: 443,
  onlyHttps: false,
  acme: { email: null, ca: null, root: null },
}
const text = 'docs.lan {\n\treverse_proxy docs:80\n}\n'
const lines = [1, 2, 3].map((line) => ({ file: 'stacklets/docs/caddy.snippet', line, column: 0 }))
const proxyTo = (dial: string) => [{ handler: 'reverse_proxy', upstreams: [{ dial }] }]
const docs = { match: [{ host: ['docs.lan'] }], handle: proxyTo('docs:80'), terminal: true }

/** Caddy's answer to /adapt, as it is told by 2.6.2. */
async function adapt(result: unknown, { status = 200, fault = null as string | null } = {}): Promise<AdaptAnswer> {
  const question = { stacklet: 'docs' as StackletId, routes: [], snippet: { text, lines }, known: null }
  const body = status === 200 ? { result } : { error: result }
  const ask = async () => ({ status, text: JSON.stringify(body), etag: null })
  return adaptAlone(question, front, { ask, validate: async () => fault }, new AbortController().signal)
}

const server = (routes: readonly unknown[], more = {}) => ({
  apps: { http: { servers: { srv0: { listen: [':443'], routes, ...more } } } },
})

function complaint(answer: AdaptAnswer): string {
  if (answer.kind !== 'refused') return answer.kind
  const [first] = answer.complaints
  return `${first?.at.line}: ${first?.message}`
}

describe('a snippet', () => {
  it('becomes the sites that it serves, each with its kind of certificate', async () => {
    const plain = { listen: [':80'], routes: [{ ...docs, match: [{ host: ['plain.lan'], path: ['/a/*', '/a'] }] }] }
    const both = { apps: { http: { servers: { srv0: { listen: [':443'], routes: [docs] }, srv1: plain } } } }

    expect(await adapt(both)).toMatchObject({
      kind: 'adapted',
      part: {
        isUp: true,
        sites: [
          { host: 'docs.lan', path: '', tls: 'internal' },
          { host: 'plain.lan', path: '/a', tls: 'off' },
        ],
      },
    })
  })

  it.each([
    [['docs.example.org'], [], 'auto'],
    [['docs.example.org'], [{ subjects: ['docs.example.org'], issuers: [{ module: 'internal' }] }], 'internal'],
    [['docs.lan'], [{ subjects: ['docs.lan'], issuers: [{ module: 'acme', ca: 'https://ca.lan' }] }], 'auto'],
  ])('for %j with %j has a certificate that is %s', async (host, policies, tls) => {
    const { apps } = server([{ ...docs, match: [{ host }] }])
    const answer = await adapt({ apps: { ...apps, tls: { automation: { policies } } } })

    expect(answer).toMatchObject({ part: { sites: [{ tls }] } })
  })

  it.each<[string, Promise<AdaptAnswer>, string]>([
    [
      'what Caddy does not read',
      adapt('adapting config using caddyfile adapter: Caddyfile:2: unrecognized directive: reverse_proxi', {
        status: 400,
      }),
      '2: Caddy refuses it: unrecognized directive: reverse_proxi',
    ],
    [
      'what Caddy reads and does not understand',
      adapt(server([docs]), {
        fault: 'loading http app module: provision http: server plain: setting up route handlers: route 0: it is wrong',
      }),
      '1: Caddy refuses it: route 0: it is wrong',
    ],
    [
      'the admin API',
      adapt({ admin: { listen: ':2019' }, ...server([docs]) }),
      '1: the snippet sets admin, which is for all sites at once',
    ],
    [
      'logging for all',
      adapt({ logging: {}, ...server([docs]) }),
      '1: the snippet sets logging, which is for all sites at once',
    ],
    [
      'an option of the server',
      adapt(server([docs], { automatic_https: { disable: true } })),
      '1: the snippet sets automatic_https, which is for all sites at once',
    ],
    [
      'a site for everybody',
      adapt(server([{ handle: docs.handle }])),
      '1: a site without a name would answer for every other one',
    ],
    [
      'half a site for everybody',
      adapt(server([{ ...docs, match: [{ host: ['docs.lan'] }, { path: ['/'] }] }])),
      '1: a site without a name would answer for every other one',
    ],
    [
      'a port of its own',
      adapt({ apps: { http: { servers: { srv0: { listen: [':8443'], routes: [docs] } } } } }),
      '1: docs.lan listens on :8443; names are served on the usual ports',
    ],
    [
      "Caddy's door",
      adapt(server([{ ...docs, handle: proxyTo('unix//run/stack/admin.sock') }])),
      "2: reverse_proxy to unix//run/stack/admin.sock could reach Caddy's own admin API",
    ],
    [
      'a door that the visitor names',
      adapt(server([{ ...docs, handle: proxyTo('{http.request.header.x}') }])),
      "2: reverse_proxy to {http.request.header.x} could reach Caddy's own admin API",
    ],
    [
      'keys',
      adapt(
        server([
          { ...docs, handle: [{ handler: 'subroute', routes: [{ handle: [{ handler: 'vars', root: '/data' }] }] }] },
        ]),
      ),
      "1: files below /data are Caddy's own, keys of certificates among them",
    ],
    [
      'files by the back door',
      adapt(server([{ ...docs, handle: [{ handler: 'static_response', body: '{file./etc/passwd}' }] }])),
      "1: {file./etc/passwd} reads what is Caddy's own",
    ],
  ])('is refused: %s', async (_, answer, words) => {
    expect(complaint(await answer)).toBe(words)
  })
})
