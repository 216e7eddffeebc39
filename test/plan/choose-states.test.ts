import { describe, expect, it } from 'vitest'
import type { StackletId } from '../../reconciler/model/names.ts'
import { type Choice, chooseStates, type Scene, type Verb } from '../../reconciler/plan/choose-states.ts'
import { desired } from '../support/desired.ts'
import { type StackletIntent, stacklet } from '../support/intent.ts'

interface Given {
  readonly remembered?: readonly string[]
  readonly running?: readonly string[]
}

function scene(intents: readonly StackletIntent[], { remembered = [], running = [] }: Given = {}): Scene {
  const everyone = desired(intents.map((one) => ({ ...one, state: 'running' as const }))).stacklets
  return {
    desired: desired(intents),
    everyone,
    remembered: remembered as readonly StackletId[],
    running: running as readonly StackletId[],
  }
}

function choose(verb: Verb, ids: readonly string[] | 'all', given: Scene): string {
  const { states, ids: run }: Choice = chooseStates(verb, ids, given)
  const declared = [...states].map(([id, state]) => `${id} ${state}`).join(', ')
  return `${declared || 'nothing'}; runs ${run.join(', ') || 'nothing'}`
}

/** a requires b requires c; `d` stands alone. */
function chain(states: Partial<Record<'a' | 'b' | 'c' | 'd', StackletIntent['state']>>): readonly StackletIntent[] {
  return [
    stacklet('a', { state: states.a ?? 'unlisted', requires: ['b'] }),
    stacklet('b', { state: states.b ?? 'unlisted', requires: ['c'] }),
    stacklet('c', { state: states.c ?? 'unlisted' }),
    stacklet('d', { state: states.d ?? 'unlisted' }),
  ]
}

const allRunning = { a: 'running', b: 'running', c: 'running', d: 'running' } as const

describe('what a verb declares', () => {
  it.each<[Verb, string, Partial<Record<'a' | 'b' | 'c' | 'd', StackletIntent['state']>>, string]>([
    ['up', 'd', {}, 'd running; runs d'],
    ['up', 'a', {}, 'c running, b running, a running; runs a, b, c'],
    ['up', 'a', { c: 'running' }, 'b running, a running; runs a, b'],
    ['up', 'a', { b: 'paused', c: 'running' }, 'a running; runs a'],
    ['up', 'a a d', { b: 'running', c: 'running' }, 'a running, d running; runs a, d'],
    ['up', 'c', { c: 'absent' }, 'c running; runs c'],
    ['up', 'all', { c: 'stopped', d: 'absent' }, 'c running; runs c'],
    ['up', 'all', {}, 'nothing; runs nothing'],
    ['down', 'a', allRunning, 'a stopped; runs a'],
    ['down', 'c b a', allRunning, 'c stopped, b stopped, a stopped; runs c, b, a'],
    ['down', 'c', { ...allRunning, b: 'stopped', a: 'stopped' }, 'c stopped; runs c'],
    ['down', 'd', { d: 'absent' }, 'nothing; runs d'],
    ['down', 'd', {}, 'nothing; runs d'],
    ['down', 'all', { ...allRunning, a: 'paused', d: 'absent' }, 'a stopped, b stopped, c stopped; runs a, b, c'],
    ['down', 'all', { c: 'stopped' }, 'nothing; runs nothing'],
    ['destroy', 'a', allRunning, 'a absent; runs a'],
    ['destroy', 'b c', { ...allRunning, a: 'stopped' }, 'b absent, c absent; runs b, c'],
    ['destroy', 'd', {}, 'nothing; runs d'],
    ['pause', 'c', allRunning, 'c paused; runs c'],
    ['pause', 'c', { c: 'paused' }, 'c paused; runs c'],
    ['unpause', 'c', { c: 'paused' }, 'c running; runs c'],
    ['unpause', 'c', { c: 'running' }, 'c running; runs c'],
  ])('%s %s, given %j: %s', (verb, ids, states, chosen) => {
    expect(choose(verb, ids === 'all' ? 'all' : ids.split(' '), scene(chain(states)))).toBe(chosen)
  })

  it('down and destroy name what is in no line when it left something here', () => {
    const given = scene(chain({}), { remembered: ['d'] })

    expect(choose('down', ['d'], given)).toBe('d stopped; runs d')
    expect(choose('destroy', ['d'], given)).toBe('d absent; runs d')
  })

  it('down all takes what runs without being listed, and not what has no directory', () => {
    const given = scene(chain({ c: 'stopped' }), { running: ['c', 'd', 'gone'], remembered: ['gone'] })

    expect(choose('down', 'all', given)).toBe('c stopped, d stopped; runs c, d')
  })

  it('destroy knows what only this host remembers', () => {
    expect(choose('destroy', ['gone'], scene(chain({}), { remembered: ['gone'] }))).toBe('gone absent; runs gone')
  })
})

describe('what a verb refuses', () => {
  const refusal = (verb: Verb, ids: string, given: Scene): string => {
    try {
      return `chosen: ${choose(verb, ids.split(' '), given)}`
    } catch (error) {
      const { code, message, hint } = error as { code: string; message: string; hint: string }
      return `${code}: ${message} (${hint})`
    }
  }

  it.each<[Verb, string, Partial<Record<'a' | 'b' | 'c' | 'd', StackletIntent['state']>>, string]>([
    [
      'up',
      'a',
      { b: 'running', c: 'stopped' },
      'STACK_REFUSED: a requires c, which is declared stopped (start it too: stack up c a)',
    ],
    ['up', 'a', { b: 'absent' }, 'STACK_REFUSED: a requires b, which is declared absent (start it too: stack up b a)'],
    ['down', 'c', allRunning, 'STACK_REFUSED: c cannot be stopped: b requires it (name them too: stack down a b c)'],
    ['down', 'b c', allRunning, 'STACK_REFUSED: b cannot be stopped: a requires it (name them too: stack down a b c)'],
    [
      'destroy',
      'b',
      { ...allRunning, a: 'paused' },
      'STACK_REFUSED: b cannot be destroyed: a requires it (name them too: stack destroy a b)',
    ],
    [
      'pause',
      'c',
      { c: 'stopped' },
      'STACK_REFUSED: c is declared stopped: there is nothing to pause (start it: stack up c)',
    ],
    ['unpause', 'c', {}, 'STACK_REFUSED: c is not declared: there is nothing to unpause (start it: stack up c)'],
  ])('%s %s, given %j: %s', (verb, ids, states, refused) => {
    expect(refusal(verb, ids, scene(chain(states)))).toBe(refused)
  })

  it.each<Verb>(['up', 'down', 'destroy', 'pause', 'unpause'])(
    '%s knows no mistyped id, and says which was meant',
    (verb) => {
      const given = scene([stacklet('photos'), stacklet('core')])

      expect(refusal(verb, 'core phtos', given)).toBe(
        'STACK_UNKNOWN_STACKLET: there is no stacklet phtos (did you mean photos?)',
      )
      expect(refusal(verb, 'nothing-like-it', given)).toContain('(stack list shows what there is)')
    },
  )

  it('destroys nothing that is always on', () => {
    expect(refusal('destroy', 'core', scene([stacklet('core', { alwaysOn: true })]))).toBe(
      'STACK_REFUSED: core is always_on and cannot be destroyed ' +
        '(stop it with stack down core, or take always_on out of stacklets/core/stacklet.toml and commit)',
    )
  })
})
