import { describe, expect, it } from 'vitest'
import * as normal from '../../../reconciler/adapters/docker/normal-values.ts'

describe('a value in its normal form', () => {
  it.each([
    [undefined, ''],
    [null, ''],
    [0, ''],
    [-1, ''],
    [5, '5'],
  ])('number: %j is %j', (value, text) => {
    expect(normal.number(value)).toBe(text)
  })

  it.each([
    [0, ''],
    [undefined, ''],
    [-500, '-500'],
    [100, '100'],
  ])('a number that may be less than zero: %j is %j', (value, text) => {
    expect(normal.nonZero(value)).toBe(text)
  })

  it.each([
    [67_108_864, '67108864'],
    [normal.noLimit, ''],
    [2 ** 63, ''],
    [-1, ''],
  ])('limit: %j is %j', (value, text) => {
    expect(normal.limit(value)).toBe(text)
  })

  it.each([
    [{ Memory: 64, MemorySwap: 128 }, ''],
    [{ Memory: 64, MemorySwap: -1 }, 'unlimited'],
    [{ Memory: 64, MemorySwap: 96 }, '96'],
    [{ Memory: 64, MemorySwap: 0 }, ''],
    [{}, ''],
  ])('swap: %j is %j', (value, text) => {
    expect(normal.swap(value)).toBe(text)
  })

  it.each([
    [['CAP_CHOWN', 'net_admin'], 'CHOWN NET_ADMIN'],
    [['all'], 'ALL'],
    [null, ''],
  ])('capabilities: %j is %j', (value, text) => {
    expect(normal.capabilities(value)).toBe(text)
  })

  it.each([
    [{ Name: '' }, ''],
    [{ Name: 'no' }, ''],
    [undefined, ''],
    [{ Name: 'always', MaximumRetryCount: 0 }, 'always'],
    [{ Name: 'on-failure', MaximumRetryCount: 3 }, 'on-failure:3'],
  ])('restart policy: %j is %j', (value, text) => {
    expect(normal.restartPolicy(value)).toBe(text)
  })

  it.each([
    [undefined, ''],
    [{ Type: 'json-file', Config: {} }, ''],
    [{ Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '2' } }, 'json-file max-file=2 max-size=1m'],
    [{ Type: 'local', Config: {} }, 'local'],
  ])('logging: %j is %j', (value, text) => {
    expect(normal.logConfig(value)).toBe(text)
  })

  it.each([
    [null, ''],
    [{ '80/tcp': null }, ''],
    [
      { '80/tcp': [{ HostIp: '', HostPort: '8080' }], '53/udp': [{ HostIp: '127.0.0.1', HostPort: '53' }] },
      '127.0.0.1:53->53/udp :8080->80/tcp',
    ],
    [{ '80/tcp': [{ HostPort: '2' }, { HostPort: '1' }] }, ':1->80/tcp :2->80/tcp'],
  ])('ports: %j is %j', (value, text) => {
    expect(normal.portBindings(value)).toBe(text)
  })

  it('mounts: by name or place, sorted; a volume without a name is any such volume', () => {
    const mount = { Mode: '', Propagation: '', RW: true }

    expect(
      normal.mounts([
        { ...mount, Type: 'volume', Name: 'kept', Source: '/var/lib/docker/volumes/kept/_data', Destination: '/kept' },
        { ...mount, Type: 'volume', Name: 'f'.repeat(64), Source: '/x', Destination: '/data' },
        { ...mount, Type: 'bind', Source: '/srv/site', Destination: '/site', RW: false },
      ] as Parameters<typeof normal.mounts>[0]),
    ).toBe('bind:/srv/site->/site:ro volume:anonymous->/data volume:kept->/kept')
    expect(normal.mounts(undefined)).toBe('')
  })

  it('networks: its names there, each once and sorted, then the addresses that were asked for; its short id is none', () => {
    const id = 'abcdef012345'.padEnd(64, '6')

    expect(
      normal.networks(
        {
          named: {
            Aliases: ['web', 'abcdef012345', 'api', 'web'],
            IPAMConfig: { IPv4Address: '198.18.7.2', IPv6Address: 'fd00::2' },
          },
          bare: { Aliases: null, IPAMConfig: null },
          empty: { Aliases: [], IPAMConfig: { IPv4Address: '' } },
        },
        id,
      ),
    ).toEqual({
      'Networks.named': 'api web ip=198.18.7.2 ip=fd00::2',
      'Networks.bare': 'attached',
      'Networks.empty': 'attached',
    })
  })
})
