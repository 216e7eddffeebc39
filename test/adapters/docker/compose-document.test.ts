import { describe, expect, it } from 'vitest'
import {
  ComposeDocument,
  projectOf,
  withLabels,
  withPins,
} from '../../../reconciler/adapters/docker/compose-document.ts'

/** A document as `compose config --format json` prints it, with one service. */
function printed(service: object, more: object = {}): ComposeDocument {
  return ComposeDocument.parse({ name: 'p', services: { web: service }, ...more })
}

describe('the document of a project', () => {
  it.each([
    ['core: 0', { core: {} }, { core: { soft: 0, hard: 0 } }],
    ['a soft limit of 0', { nproc: { hard: 10 } }, { nproc: { soft: 0, hard: 10 } }],
    ['one number', { nofile: 1024 }, { nofile: 1024 }],
    ['two numbers', { nofile: { soft: 1, hard: 2 } }, { nofile: { soft: 1, hard: 2 } }],
  ])('has the zeros that Compose leaves out of ulimits: %s', (_, ulimits, whole) => {
    expect(printed({ ulimits }).services['web']).toEqual({ ulimits: whole })
  })

  it('keeps what we do not know, and has our labels beside its own', () => {
    const document = withLabels(printed({ gpus: 'all', labels: { a: 'b' } }, { 'x-note': 1 }), { ours: 'yes' })

    expect(document).toEqual({
      name: 'p',
      services: { web: { gpus: 'all', labels: { a: 'b', ours: 'yes' } } },
      'x-note': 1,
    })
  })
})

describe('the lines of the lock', () => {
  const digest = (one: string) => `sha256:${one.repeat(64)}`
  const line = (image: string, one: string) => ({ image, tag: '2', digest: digest(one) })

  it('stand in the place of every image that a service is built from, but for what its file puts there itself', () => {
    const contexts = { base: '/elsewhere', 'tool:1': '/own' }
    const document = printed({ build: { context: '/s', additional_contexts: contexts } })
    const lines = {
      web: line('nginx:1', '1'),
      'web from node:20': line('node:20', '2'),
      'web from tool:1': line('tool:1', '3'),
    }

    expect(withPins(document, lines).services['web']?.build?.additional_contexts).toEqual({
      ...contexts,
      'nginx:1': `docker-image://nginx:2@${digest('1')}`,
      'node:20': `docker-image://node:2@${digest('2')}`,
    })
  })

  it('are no business of other services', () => {
    const document = printed({ image: 'nginx:1' })

    expect(withPins(document, { 'db from nginx:1': line('nginx:1', '1') })).toEqual(document)
  })

  it('are not taken for contexts that the file names', () => {
    const declared = printed({
      build: { context: '/s', target: 'app', args: { V: '1' }, additional_contexts: { own: '/o' } },
    })
    const document = withPins(declared, { web: line('nginx:1', '1') })

    expect(projectOf(document, '/s', declared).services[0]?.words).toEqual({
      target: 'app',
      args: { V: '1' },
      contexts: ['own'],
    })
  })
})

describe('the definition of a network or volume', () => {
  const definition = (part: object | null) =>
    projectOf(printed({}, { networks: { n: part } }), '/s').networks[0]?.definition

  it.each([
    ['a name', { name: 'p_n' }],
    ['an empty ipam', { ipam: {} }],
    ['the usual driver', { driver: 'bridge' }],
    ['the default driver', { driver: 'default' }],
    ['what is not so', { internal: false, attachable: false, enable_ipv6: false }],
    ['no options', { driver_opts: {} }],
  ])('is the same as none with %s', (_, part) => {
    expect(definition(part)).toBe(definition(null))
  })

  it.each([
    ['a driver', { driver: 'overlay' }],
    ['an option', { driver_opts: { mtu: 1400 } }],
    ['a subnet', { ipam: { config: [{ subnet: '198.18.0.0/24' }] } }],
    ['being internal', { internal: true }],
    ['IPv6', { enable_ipv6: true }],
  ])('is another with %s', (_, part) => {
    expect(definition(part)).not.toBe(definition(null))
  })
})

describe('a service', () => {
  const service = (text: object, more: object = {}) => projectOf(printed(text, more), '/s').services[0]

  it('is known by what planning needs of it', () => {
    expect(service({ build: { context: '/s' }, scale: 3, container_name: 'own' })).toEqual({
      name: 'web',
      containerName: 'own',
      image: 'p-web',
      isBuilt: true,
      replicas: 3,
      ports: [],
      sources: [],
      context: '',
      hasHealthcheck: false,
    })
  })

  it.each([
    [{ published: '80', target: 81 }, [{ address: '0.0.0.0', port: 80, protocol: 'tcp', target: 81 }]],
    [{ published: 53, host_ip: '127.0.0.1', protocol: 'udp' }, [{ address: '127.0.0.1', port: 53, protocol: 'udp' }]],
    [{ target: 80 }, []],
    [{ published: '80-90', target: 80 }, []],
  ])('publishes %j as %j', (port, ports) => {
    expect(service({ ports: [port] })?.ports).toEqual(ports)
  })

  it.each([
    ['a check', { test: ['CMD', 'true'] }, true],
    ['one that is turned off', { disable: true }, false],
    ['none', null, false],
  ])('has a health check where it says one: %s', (_, healthcheck, has) => {
    expect(service({ healthcheck })?.hasHealthcheck).toBe(has)
  })

  it('reads what it mounts, its secrets and its configs, wherever they lie; its build context stands beside', () => {
    const read = {
      volumes: [
        { type: 'bind', source: '/s/site' },
        { type: 'bind', source: '/etc' },
        { type: 'volume', source: 'kept' },
      ],
      secrets: [{ source: 's' }],
      configs: [{ source: 'c' }, { source: 'inline' }],
      build: { context: '/s/image' },
    }
    const files = {
      secrets: { s: { file: '/s/s.txt' } },
      configs: { c: { file: '/s/c.txt' }, inline: { content: 'x' } },
    }

    expect(service(read, files)).toMatchObject({ sources: ['../etc', 'c.txt', 's.txt', 'site'], context: 'image' })
  })
})
