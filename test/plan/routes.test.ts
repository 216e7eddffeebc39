import { describe, expect, it } from 'vitest'
import type { Desired } from '../../reconciler/model/desired.ts'
import type { Digest } from '../../reconciler/model/names.ts'
import type { RoutePart, ServedRoutes } from '../../reconciler/model/route.ts'
import { makePlan } from '../../reconciler/plan/make-plan.ts'
import { actual, applied, idOf } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { type StackletIntent, stacklet } from '../support/intent.ts'
import { orderText, planText } from '../support/plan-text.ts'

function part(id: string, { isUp = true, version = '1' } = {}): RoutePart {
  const sites = [{ host: `${id}.home.internal`, path: '', tls: 'internal' as const }]
  return { stacklet: idOf(id), isUp, sites, content: version, digest: `${id} ${version}` as Digest }
}

/** What git says, with what the proxy made of it; those in `unproved` it could not be asked about. */
function want(stacklets: readonly StackletIntent[], unproved: readonly string[] = []): Desired {
  const all = desired(stacklets, { domain: 'home.internal' })
  const withPart = all.stacklets.map((one) => {
    const isProved = (one.routes.length > 0 || one.snippet !== null) && !unproved.includes(one.id)
    return { ...one, part: isProved ? part(one.id) : null }
  })
  return { ...all, stacklets: withPart }
}

const served = (parts: readonly RoutePart[], more: Partial<ServedRoutes> = {}): { readonly served: ServedRoutes } => ({
  served: { isLive: true, parts, altered: [], isAltered: false, ...more },
})

const photos = stacklet('photos', { route: 'snippet' })

describe('names', () => {
  it('are proved before anything starts, and served when it is well', () => {
    const text = orderText(want([photos], ['photos']), { ...actual(), ...served([]) })

    expect(text).toMatchInlineSnapshot(`
      "create-network stack
      check-route photos  after create-network stack
      write-env photos  after create-network stack
      pull-image photos server:1  after check-route photos, write-env photos
      start photos  after create-network stack, pull-image photos server:1
      await-health photos  after start photos
      finish-setup photos  after await-health photos
      route photos  after finish-setup photos"
    `)
  })

  it('wait for the stacklet that runs the proxy, and nobody waits for them', () => {
    const core = stacklet('core', { manifest: 'id = "core"\nproxy = true\n' })
    const wiki = stacklet('wiki', { requires: ['photos'] })
    const text = orderText(want([core, photos, wiki], ['photos']), { ...actual(), ...served([], { isLive: false }) })

    expect(text).toMatchInlineSnapshot(`
      "create-network stack
      write-env core  after create-network stack
      pull-image core server:1  after write-env core
      start core  after create-network stack, pull-image core server:1
      await-health core  after start core
      finish-setup core  after await-health core
      check-route photos  after create-network stack, finish-setup core
      write-env photos  after create-network stack
      pull-image photos server:1  after check-route photos, write-env photos
      start photos  after create-network stack, pull-image photos server:1
      await-health photos  after start photos
      finish-setup photos  after await-health photos
      route photos  after finish-setup core, finish-setup photos
      write-env wiki  after create-network stack, finish-setup photos
      pull-image wiki server:1  after write-env wiki
      start wiki  after create-network stack, finish-setup photos, pull-image wiki server:1
      await-health wiki  after start wiki
      finish-setup wiki  after await-health wiki"
    `)
  })

  it.each<[string, readonly StackletIntent[], ServedRoutes, string]>([
    ['are as they should be', [photos], served([part('photos')]).served, ''],
    ['are missing', [photos], served([]).served, 'photos\n  + route                        missing'],
    [
      'were closed',
      [photos],
      served([part('photos', { isUp: false })]).served,
      'photos\n  ~ route                        was down',
    ],
    [
      'lead elsewhere',
      [photos],
      served([part('photos', { version: '0' })]).served,
      'photos\n  ~ route                        routes changed',
    ],
    [
      'were edited by hand',
      [photos],
      served([part('photos')], { altered: [idOf('photos')], isAltered: true }).served,
      'photos\n  ~ route                        changed on the host',
    ],
    [
      'have strange neighbours',
      [photos],
      served([part('photos')], { isAltered: true }).served,
      'this host\n  ~ restore-routes               changed on the host',
    ],
    [
      'are not declared any more',
      [stacklet('photos')],
      served([part('photos')]).served,
      'photos\n  - unroute                      no longer declared',
    ],
  ])('%s', (_, stacklets, seen, text) => {
    expect(planText(want(stacklets), { ...applied(want(stacklets)), served: seen })).toBe(text)
  })

  it('that a Caddy of the host should serve are not served while it is gone, and the run says so', () => {
    const all = want([photos])
    const elsewhere = { ...all, front: all.front && { ...all.front, admin: 'localhost:2019' } }
    const gone = served([part('photos')], { isLive: false }).served

    expect(planText(elsewhere, { ...applied(elsewhere), served: gone })).toBe(
      'this host\n  ~ restore-routes               Caddy does not answer',
    )
    expect(planText(elsewhere, { ...applied(elsewhere), served: { ...gone, parts: [] } })).not.toContain('restore')
    expect(planText(all, { ...applied(all), served: gone })).toBe('')
  })

  it('say that it is down before it stops', () => {
    const have = { ...applied(want([photos])), ...served([part('photos')]) }

    expect(orderText(want([{ ...photos, state: 'stopped' }]), have)).toMatchInlineSnapshot(`
      "unroute photos
      stop photos  after unroute photos"
    `)
    expect(orderText(want([{ ...photos, state: 'absent' }]), have)).toMatchInlineSnapshot(`
      "unroute photos
      remove photos  after unroute photos
      trash-data photos  after remove photos
      forget photos  after trash-data photos"
    `)
  })

  it('of what is not listed go as prune says', () => {
    const have = { ...applied(want([photos])), ...served([part('photos')]) }
    const kinds = (prune: 'keep' | 'down' | 'destroy') => {
      const all = desired([stacklet('photos', { state: 'unlisted' }), stacklet('other')], {
        domain: 'home.internal',
        prune,
      })
      return makePlan(all, have).steps.flatMap(({ step }) => (step.kind === 'unroute' ? [step.to] : []))
    }

    expect([kinds('keep'), kinds('down'), kinds('destroy')]).toEqual([[], ['down'], ['gone']])
  })

  it('of a proxy that does not answer are left to what it starts with', () => {
    const have = { ...applied(want([photos])), ...served([part('photos')], { isLive: false }) }

    expect(makePlan(want([photos], ['photos']), have).steps).toEqual([])
  })

  it('are no matter in port mode', () => {
    expect(makePlan(desired([photos]), applied(desired([photos]))).steps).toEqual([])
  })
})

describe('a proxy that runs and lets nobody in', () => {
  const core = stacklet('core', { manifest: 'id = "core"\nproxy = true\n' })

  it('is restarted, once it has had time to start', () => {
    const have = { ...applied(want([core])), ...served([], { isLive: false }) }
    const young = { ...have, containers: have.containers.map((one) => ({ ...one, startedAtMs: have.nowMs - 5_000 })) }

    expect(planText(want([core]), have)).toContain('~ restart stack-core-web-1')
    expect(planText(want([core]), young)).toBe('')
  })
})
