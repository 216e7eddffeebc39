import { describe, expect, it } from 'vitest'
import type { Actual } from '../../reconciler/model/actual.ts'
import type { Desired } from '../../reconciler/model/desired.ts'
import type { StackletId } from '../../reconciler/model/names.ts'
import { gatePlan } from '../../reconciler/plan/gate.ts'
import { renderPlan } from '../../reconciler/plan/render.ts'
import { asWished, noWish, type Wish } from '../../reconciler/plan/wish.ts'
import { othersThan, wishedPlan } from '../../reconciler/plan/wished-plan.ts'
import { actual, applied } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { stacklet } from '../support/intent.ts'

const ids = (...names: readonly string[]) => names as readonly StackletId[]

function text(wish: Partial<Wish>, want: Desired, have: Actual, { rounds = 0, yes = false } = {}): string {
  const whole = { ...noWish, ...wish }
  const wished = asWished(want, whole)
  const { go } = gatePlan(wishedPlan(whole, rounds, wished, have), { yes, named: whole.only }, wished, have)
  return renderPlan(go).join('\n')
}

const hooks = { 'hooks/on_stop.sh': 'pass', 'hooks/on_install_success.sh': 'pass' }
const pair = desired([stacklet('core'), stacklet('photos', { requires: ['core'] }), stacklet('web')])

describe('a run for some', () => {
  it('is for these and what they require, and knows who else is not as declared', () => {
    const only = ids('photos')

    expect(text({ only }, pair, actual())).not.toContain('web')
    expect(text({ only }, pair, actual())).toMatch(/core[\s\S]*photos/)
    expect(othersThan({ ...noWish, only }, pair, actual())).toEqual(['web'])
    expect(othersThan({ ...noWish, only }, pair, applied(pair))).toEqual([])
    expect(othersThan(noWish, pair, actual())).toEqual([])
  })

  it('leaves alone what a stacklet that goes requires', () => {
    const want = desired([stacklet('core'), stacklet('photos', { requires: ['core'], state: 'stopped' })])
    const since = { 'stack-core-web-1': { state: 'exited' as const } }

    expect(text({ only: ids('photos') }, want, applied(pair, since))).toMatchInlineSnapshot(`
      "photos
        - stop                         declared stopped"
    `)
  })

  it('heals what is named, whatever self_heal says', () => {
    const want = desired([stacklet('web')], { selfHeal: false })
    const have = applied(want, { 'stack-web-web-1': { state: 'exited' } })

    expect(text({}, want, have)).toContain('drift')
    expect(text({ only: ids('web') }, want, have)).toMatchInlineSnapshot(`
      "web
        ~ start                        stopped
            stack-web-web-1 State.Status: exited → running  (changed on the host)
        · await-health                 started"
    `)
  })

  it('lets the named leave in any number, and only them', () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const before = applied(desired(names.map((id) => stacklet(id))))
    const want = desired(
      names.map((id) => stacklet(id, { state: 'absent' })),
      { maxRemovals: 1 },
    )

    expect(text({ only: ids('a', 'b', 'c') }, want, before)).toContain('remove')
    expect(text({ only: ids('a', 'b', 'c') }, want, before)).not.toContain('held')
    expect(text({}, want, before)).toContain('! held: removing a, b, c, d, e')
  })
})

describe('a restart', () => {
  it('stops first, dependents before what they require, and then is an ordinary run', () => {
    const want = desired([stacklet('core', { files: hooks }), stacklet('photos', { requires: ['core'] })])
    const wish = { only: ids('core', 'photos'), restart: ids('core', 'photos') }

    const { steps } = wishedPlan({ ...noWish, ...wish }, 0, want, applied(want))

    expect(steps.map(({ id, step }) => `${id}, because ${step.because}`)).toEqual([
      'stop photos, because asked to restart',
      'run-hook core on_stop, because before stop',
      'stop core, because asked to restart',
    ])
    expect(text(wish, want, applied(want), { rounds: 1 })).toBe('')
  })

  it('of what does not run is a start', () => {
    const want = desired([stacklet('web')])
    const have = applied(want, { 'stack-web-web-1': { state: 'exited' } })

    expect(text({ only: ids('web'), restart: ids('web') }, want, have)).toContain('~ start')
  })
})

describe('a setup', () => {
  it('runs that hook once, and then is an ordinary run', () => {
    const want = desired([stacklet('web', { files: hooks })])
    const wish = { only: ids('web'), setUp: ids('web') }

    expect(text(wish, want, applied(want))).toMatchInlineSnapshot(`
      "web
        · run-hook on_install_success  asked for"
    `)
    expect(text(wish, want, applied(want), { rounds: 1 })).toBe('')
  })
})

describe('a purge', () => {
  const before = desired([stacklet('photos', { generate: ['KEY'] }), stacklet('photos__x', { generate: ['KEY'] })])
  const want = desired([stacklet('photos', { state: 'absent', generate: ['KEY'] }), stacklet('photos__x')])
  const have = { ...applied(before), secretNames: ['photos__KEY', 'photos__x__KEY', 'global__KEY'] }
  const wish = { only: ids('photos'), purge: ids('photos') }

  it('is held as a whole until a person consents', () => {
    expect(text(wish, want, have)).toMatchInlineSnapshot(`
      "! held: purge-data photos is held, because asked to purge
          allow it with stack destroy photos --purge --yes"
    `)
  })

  it('takes the place of the trash', () => {
    expect(text(wish, want, have, { yes: true })).toMatchInlineSnapshot(`
      "photos
        - remove                       declared absent
        - purge-data                   asked to purge
        - forget                       declared absent"
    `)
    expect(text({ only: ids('photos') }, want, have)).toContain('trash-data')
  })

  it('is over when nothing is left, and looks at nobody else’s secrets', () => {
    const gone = { ...actual(), secretNames: ['photos__x__KEY', 'global__KEY'] }

    expect(text(wish, want, gone, { yes: true })).toBe('')
    expect(text(wish, want, { ...gone, secretNames: ['photos__KEY'] }, { yes: true })).toContain('purge-data')
  })
})
