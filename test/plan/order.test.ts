import { describe, expect, it } from 'vitest'
import { actual, and, applied, container, idOf } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { type StackletIntent, stacklet } from '../support/intent.ts'
import { orderText } from '../support/plan-text.ts'

const networked = actual({ networks: ['stack'] })
const changed = { env: { MODE: 'new' } }

describe('within one stacklet', () => {
  it('goes from secrets to the marker, each after the last', () => {
    const services = { api: { build: 'api' }, web: {} }
    const files = Object.fromEntries(
      ['configure', 'install', 'start', 'install_success', 'start_ready'].map((event) => [`hooks/on_${event}.sh`, '']),
    )
    const want = desired([stacklet('photos', { services, generate: ['KEY'], files })], { secrets: {} })

    expect(orderText(want, actual())).toMatchInlineSnapshot(`
      "create-network stack
      write-secrets photos  after create-network stack
      run-hook photos on_configure  after write-secrets photos
      run-hook photos on_install  after run-hook photos on_configure
      write-env photos  after run-hook photos on_install
      build-image photos  after write-env photos
      pull-image photos server:1  after write-env photos
      run-hook photos on_start  after build-image photos, create-network stack, pull-image photos server:1
      start photos  after run-hook photos on_start
      await-health photos  after start photos
      run-hook photos on_install_success  after await-health photos
      finish-setup photos  after run-hook photos on_install_success
      run-hook photos on_start_ready  after finish-setup photos"
    `)
  })

  it('clears the way before it starts', () => {
    const before = desired([stacklet('photos', { services: { web: {}, old: {} } })])
    const want = desired([stacklet('photos', { services: { web: {} } })])
    const have = applied(before, { 'stack-photos-web-1': { state: 'paused' } })

    expect(orderText(want, have)).toMatchInlineSnapshot(`
      "remove-orphan photos stack-photos-old-1
      unpause photos  after remove-orphan photos stack-photos-old-1
      replace photos  after unpause photos
      await-health photos  after replace photos"
    `)
  })

  it('is removed before its data moves, and forgotten last', () => {
    const files = { 'hooks/on_stop.sh': '', 'hooks/on_destroy.sh': '' }
    const want = desired([stacklet('photos', { state: 'absent', files })])

    expect(orderText(want, applied(desired([stacklet('photos', { files })])))).toMatchInlineSnapshot(`
      "run-hook photos on_stop
      run-hook photos on_destroy  after run-hook photos on_stop
      remove photos  after run-hook photos on_destroy
      trash-data photos  after remove photos
      forget photos  after trash-data photos"
    `)
  })
})

describe('between stacklets', () => {
  /** app needs api needs db. */
  const chain = (parts: Readonly<Record<string, Partial<StackletIntent>>> = {}) => [
    stacklet('app', { requires: ['api'], ...parts['app'] } as object),
    stacklet('api', { requires: ['db'], ...parts['api'] } as object),
    stacklet('db', parts['db'] as object),
  ]

  it('nothing but images comes before what is required is well', () => {
    expect(orderText(desired(chain()), networked)).toMatchInlineSnapshot(`
      "write-env db
      pull-image db server:1  after write-env db
      start db  after pull-image db server:1
      await-health db  after start db
      finish-setup db  after await-health db
      write-env api  after finish-setup db
      pull-image api server:1  after write-env api
      start api  after finish-setup db, pull-image api server:1
      await-health api  after start api
      finish-setup api  after await-health api
      write-env app  after finish-setup api
      pull-image app server:1  after write-env app
      start app  after finish-setup api, pull-image app server:1
      await-health app  after start app
      finish-setup app  after await-health app"
    `)
  })

  it('a link in between that has nothing to do still holds', () => {
    const want = desired(chain({ db: changed }))
    const have = applied(desired(chain()), { 'stack-app-web-1': null })

    expect(orderText(want, have)).toMatchInlineSnapshot(`
      "write-env db
      replace db  after write-env db
      await-health db  after replace db
      start app  after await-health db
      await-health app  after start app"
    `)
  })

  it('stopping goes the other way', () => {
    const state = 'stopped' as const
    const want = desired(chain({ app: { state }, api: { state }, db: { state } }))

    expect(orderText(want, applied(desired(chain())))).toMatchInlineSnapshot(`
      "stop app
      stop api  after stop app
      stop db  after stop api"
    `)
  })

  it('leaving goes the other way, by what the ledger says of those that are not listed', () => {
    const state = 'unlisted' as const
    const want = desired([...chain({ app: { state }, api: { state }, db: { state } }), stacklet('other')], {
      prune: 'destroy',
    })

    expect(orderText(want, applied(desired([...chain(), stacklet('other')])))).toMatchInlineSnapshot(`
      "remove app
      remove api  after remove app
      trash-data api  after remove api
      forget api  after trash-data api
      trash-data app  after remove app
      forget app  after trash-data app
      remove db  after remove api
      trash-data db  after remove db
      forget db  after trash-data db"
    `)
  })

  it('those who leave in a circle leave all the same', () => {
    const state = 'absent' as const
    const circle = [stacklet('a', { state, requires: ['b'] }), stacklet('b', { state, requires: ['a'] })]
    const have = applied(desired([stacklet('a'), stacklet('b')]))

    expect(orderText(desired(circle), have)).toMatchInlineSnapshot(`
      "remove a
      trash-data a  after remove a
      forget a  after trash-data a
      remove b  after remove a
      trash-data b  after remove b
      forget b  after trash-data b"
    `)
  })

  it('those who have nothing to do with one another wait for nothing', () => {
    const want = desired([stacklet('a', changed), stacklet('b', changed)])
    const have = applied(desired([stacklet('a'), stacklet('b')]))

    expect(orderText(want, have)).not.toMatch(/ a\b.* after .* b\b| b\b.* after .* a\b/)
  })
})

describe('what one has and another takes', () => {
  it.each([
    ['a port', { port: 80 }],
    ['a container name', { containerName: 'front' }],
  ])('is free first: %s', (_, web) => {
    const before = desired([stacklet('old', { services: { web } })])
    const want = desired([
      stacklet('old', { state: 'absent', services: { web } }),
      stacklet('new', { services: { web } }),
    ])

    const order = orderText(want, applied(before)).split('\n')

    expect(order.find((line) => line.startsWith('start new'))).toContain('remove old')
  })

  it.each([
    ['a port', { port: 80 }, { port: 81 }],
    ['a container name', { containerName: 'front' }, { containerName: 'back' }],
  ])('is free first when both stay: %s', (_, web, instead) => {
    const before = desired([stacklet('old', { services: { web } })])
    const want = desired([stacklet('old', { services: { web: instead } }), stacklet('new', { services: { web } })])

    const order = orderText(want, applied(before)).split('\n')

    expect(order.find((line) => line.startsWith('start new'))).toContain('replace old')
  })

  it('is free first when a directory was renamed and its project was not', () => {
    const before = desired([stacklet('album', { project: 'photos' })])
    const want = desired([stacklet('photos', { project: 'photos' })])

    const order = orderText(want, applied(before)).split('\n')

    expect(order.find((line) => line.startsWith('start photos'))).toContain('stop album')
  })

  it('is waited for by nobody else', () => {
    const before = desired([stacklet('old', { services: { web: { port: 80 } } })])
    const want = desired([stacklet('old', { state: 'absent' }), stacklet('new', { services: { web: { port: 81 } } })])

    expect(orderText(want, applied(before))).not.toMatch(/^start new .*old/m)
  })
})

it('the order of the list that Docker gives does not show', () => {
  const names = ['z', 'm', 'a']
  const want = desired(names.map((id) => stacklet(id, changed)))
  const have = applied(desired(names.map((id) => stacklet(id))))
  const stray = container('z-old', { project: 'stack-z', stacklet: 'z', service: 'old' })
  const host = and(have, stray, { ...stray, name: 'a-old', stacklet: 'a', project: 'stack-a' })

  const backwards = { ...host, containers: host.containers.toReversed(), images: new Map([...host.images].reverse()) }

  expect(orderText(want, backwards)).toBe(orderText(want, host))
  expect(host.ledger[idOf('a')]).toBeDefined()
})
