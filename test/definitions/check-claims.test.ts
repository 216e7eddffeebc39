import { expect, it } from 'vitest'
import { type Claimant, checkClaims } from '../../reconciler/definitions/check-claims.ts'
import type { ComposeProject, PublishedPort } from '../../reconciler/model/compose-project.ts'
import type { Digest } from '../../reconciler/model/names.ts'
import { formatPosition } from '../../reconciler/model/problem.ts'
import { manifest } from './given.ts'

interface Parts {
  readonly name?: string
  readonly container?: string
  readonly port?: Partial<PublishedPort>
  readonly volume?: ComposeProject['volumes'][number]
}

function claimant(id: string, { name = `stack-${id}`, container, port, volume }: Parts): Claimant {
  const compose = `name: ${name}
services:
  web:
    image: web:1
    container_name: ${container ?? ''}
    ports:
      - "7:7"
      - "\${PORT}:80"
volumes:
  store:
`
  const { stacklet } = manifest('', id, { compose })
  const service = {
    name: 'web',
    image: 'web:1',
    isBuilt: false,
    replicas: 1,
    sources: [],
    context: null,
    hasHealthcheck: false,
  }
  const ports = port === undefined ? [] : [{ address: '0.0.0.0', port: 42100, protocol: 'tcp' as const, ...port }]
  const services = [{ ...service, containerName: container ?? null, ports }]
  return {
    stacklet: stacklet!,
    project: { name, services, networks: [], volumes: volume === undefined ? [] : [volume] },
  }
}

function told(...claimants: readonly Claimant[]): readonly string[] {
  return checkClaims(claimants).map(
    ({ level, code, message, at }) => `${at && formatPosition(at)} ${level} ${code} ${message}`,
  )
}

it('lets stacklets be that claim different things', () => {
  expect(
    told(claimant('a', { port: {}, container: 'a' }), claimant('b', { port: { port: 2 }, container: 'b' })),
  ).toEqual([])
})

it('tells both of two that publish one port, each with the place of the other', () => {
  expect(told(claimant('a', { port: {} }), claimant('b', { port: {} }))).toEqual([
    'stacklets/a/docker-compose.yml:7:9 error duplicate a and b both claim port 42100, see stacklets/b/docker-compose.yml:7:9',
    'stacklets/b/docker-compose.yml:7:9 error duplicate b and a both claim port 42100, see stacklets/a/docker-compose.yml:7:9',
  ])
})

it.each<[string, Partial<PublishedPort>, Partial<PublishedPort>, boolean]>([
  ['one on every address, one on one', {}, { address: '127.0.0.1' }, true],
  ['two addresses', { address: '127.0.0.1' }, { address: '192.0.2.7' }, false],
  ['two protocols', {}, { protocol: 'udp' }, false],
  ['every IPv6 address', { address: '::' }, { address: '127.0.0.1' }, true],
])('a port: %s', (_, one, other, clash) => {
  expect(told(claimant('a', { port: one }), claimant('b', { port: other }))).toHaveLength(clash ? 2 : 0)
})

it('finds one container name, project name or volume claimed twice', () => {
  const volume = { name: 'photos', external: false, definition: '' as Digest }

  expect(told(claimant('a', { container: 'web' }), claimant('b', { container: 'web' }))[0]).toBe(
    'stacklets/a/docker-compose.yml:5:21 error duplicate a and b both claim the container name web, see stacklets/b/docker-compose.yml:5:21',
  )
  expect(told(claimant('a', { name: 'one' }), claimant('b', { name: 'one' }))[0]).toMatch(
    /a\/docker-compose.yml:1:7 .* the project name one,/,
  )
  expect(told(claimant('a', { volume }), claimant('b', { volume }))[0]).toMatch(
    /a\/docker-compose.yml:10:3 .* the volume photos,/,
  )
})

it('lets stacklets share a volume that both say is not theirs', () => {
  const volume = { name: 'photos', external: true, definition: '' as Digest }

  expect(told(claimant('a', { volume }), claimant('b', { volume }))).toEqual([])
})
