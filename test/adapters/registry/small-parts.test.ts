import { describe, expect, it } from 'vitest'
import { readChallenge, tokenAddress } from '../../../reconciler/adapters/registry/challenge.ts'
import { nextPage } from '../../../reconciler/adapters/registry/next-page.ts'
import { registryAddress } from '../../../reconciler/adapters/registry/registry-address.ts'
import { retryAfter } from '../../../reconciler/adapters/registry/retry-after.ts'

describe('WWW-Authenticate', () => {
  it.each([
    ['Basic realm="x"', { scheme: 'basic' }],
    ['basic', { scheme: 'basic' }],
    [
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"',
      { scheme: 'bearer', realm: 'https://auth.docker.io/token', service: 'registry.docker.io', scope: null },
    ],
    [
      'Bearer service=x, realm=https://a/t, scope="repository:a/b:pull,push"',
      { scheme: 'bearer', realm: 'https://a/t', service: 'x', scope: 'repository:a/b:pull,push' },
    ],
  ])('%s', (header, challenge) => {
    expect(readChallenge(header)).toEqual(challenge)
  })

  it.each([null, '', 'Negotiate', 'Bearer', 'Bearer service="x"', '"'])('%s is nothing that we know', (header) => {
    expect(readChallenge(header)).toBe(null)
  })

  it('leads to a token for one repository', () => {
    const challenge = { scheme: 'bearer', realm: 'https://a/t?x=1', service: 's y', scope: null } as const

    expect(tokenAddress(challenge, 'repository:a/b:pull')?.href).toBe(
      'https://a/t?x=1&service=s+y&scope=repository%3Aa%2Fb%3Apull',
    )
    expect(tokenAddress({ ...challenge, realm: 'nowhere' }, 'x')).toBe(null)
  })
})

describe('Link', () => {
  const from = new URL('http://127.0.0.1:5000/v2/web/tags/list')

  it.each([
    ['</v2/web/tags/list?last=3&n=2>; rel="next"', 'http://127.0.0.1:5000/v2/web/tags/list?last=3&n=2'],
    ['<http://127.0.0.1:5000/x>; rel=next', 'http://127.0.0.1:5000/x'],
    ['</a>; rel="prev", </b>; rel="next"', 'http://127.0.0.1:5000/b'],
    ['<https://elsewhere.test/v2/>; rel="next"', undefined],
    ['</v2/web/tags/list>; rel="next"', undefined],
    ['rubbish', undefined],
    [null, undefined],
  ])('%s', (header, next) => {
    expect(nextPage(header, from)?.href).toBe(next)
  })
})

describe('Retry-After', () => {
  const now = Date.parse('2026-07-01T12:00:00Z')

  it.each([
    ['7', 7_000],
    ['0', 0],
    ['Wed, 01 Jul 2026 12:01:00 GMT', 60_000],
    ['Wed, 01 Jul 2026 11:00:00 GMT', 0],
    ['999999999', 86_400_000],
    ['soon', 60_000],
    [null, 60_000],
  ])('%s', (header, ms) => {
    expect(retryAfter(header, now) - now).toBe(ms)
  })
})

describe('the address of a registry', () => {
  it.each([
    ['docker.io', 'https://registry-1.docker.io'],
    ['ghcr.io', 'https://ghcr.io'],
    ['localhost:5000', 'http://localhost:5000'],
    ['127.0.0.1:5000', 'http://127.0.0.1:5000'],
    ['127.9.9.9', 'http://127.9.9.9'],
    ['[::1]:5000', 'http://[::1]:5000'],
    ['127.0.0.1.example.org', 'https://127.0.0.1.example.org'],
    ['registry.lan:5000', 'https://registry.lan:5000'],
  ])('%s is %s', (registry, address) => {
    expect(registryAddress(registry)).toBe(address)
  })
})
