import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { onceOnly } from '../../reconciler/model/hook.ts'
import { anyCase, boxOf, type Case, numbersFrom, runs } from '../support/any-case.ts'
import { essenceBesides, timesMade } from '../support/essence.ts'
import { type Box, commit, copyOf, emptyBox, type Happening } from '../support/fake/box.ts'
import type { Fault, Place } from '../support/fake/calls.ts'
import { host, projectNameOf, stacklet } from '../support/intent.ts'
import { type Ran, type RunOptions, reconcileOn } from '../support/run.ts'
import { textsOf } from '../support/texts.ts'

const patience = 600_000
const endings = ['call', 'calls', 'process', 'cancel'] as const

describe('a run that is cut short, and one more', { timeout: patience }, () => {
  it('end where an undisturbed run ends, wherever it was and whatever went on', () =>
    fc.assert(
      fc.asyncProperty(anyCase, fc.nat(), fc.constantFrom(...endings), async (one, pick, ends) => {
        const start = await boxOf(one)
        const options = { yes: one.yes, turns: numbersFrom(one.seed, 4) }
        const calm = await undisturbed(start, options)
        const place = pick % calm.places.length

        const rough = await recover(start, { place, ends }, options)
        const beside = startingFirst(one)

        expect(essenceBesides(rough.box, beside)).toEqual(essenceBesides(calm.box, beside))
        expect(wasted(rough.box, calm.box, start, beside)).toEqual([])
        expect(rough.ranAgain).toEqual([])
        expect(rough.unlocked).toEqual([])
      }),
      runs(15),
    ))

  /** Every day at every change and some of the looks between them; with STACK_RUNS at every call in every way. */
  it('end there, wherever a run in which everything happens is cut', async () => {
    const start = await everything()
    const calm = await undisturbed(start)
    const beside = new Set(['stack-swift'])
    const goal = JSON.stringify(essenceBesides(calm.box, beside))
    expect(calm.box.containers.map(({ name }) => name)).toContain('stack-swift-web-2')
    const places = [...calm.places.keys()]
    const isWhole = process.env['STACK_RUNS'] !== undefined
    const everyday = places.filter((place) => calm.places[place] === 'changing' || place % 4 === 0)
    const chosen = isWhole ? endings.flatMap((ends) => places.map((place) => ({ place, ends }))) : everyday.map(inTurn)
    const faults: string[] = []

    for (const { place, ends } of chosen) {
      const { box, unlocked, ranAgain } = await recover(start, { place, ends })
      const isSame = JSON.stringify(essenceBesides(box, beside)) === goal
      const isThere = isSame && wasted(box, calm.box, start, beside).length === 0
      if (!isThere || unlocked.length > 0 || ranAgain.length > 0) faults.push(`${ends} at ${place}`)
    }

    expect(faults).toEqual([])
    expect(chosen.length).toBeGreaterThan(100)
  })
})

/** Projects of which containers may have started beside others. */
function startingFirst({ past, want }: Case): ReadonlySet<string> {
  const all = [...past.map(({ intent }) => intent), want].flatMap(({ stacklets }) => stacklets)
  return new Set(all.filter(({ startsFirst }) => startsFirst).map(projectNameOf))
}

/** Another ending at each place, so that all of them are seen on one day. */
function inTurn(place: number, count: number): Fault {
  return { place, ends: endings[count % endings.length] ?? 'call' }
}

interface Undisturbed {
  readonly box: Box
  readonly places: readonly Place[]
}

async function undisturbed(start: Box, options: RunOptions = {}): Promise<Undisturbed> {
  const box = copyOf(start)
  const { calls } = await reconcileOn(box, options)
  return { box, places: calls.places() }
}

/** A run that comes to grief at this place, and one more after it. */
async function recover(start: Box, fault: Fault, options: RunOptions = {}) {
  const box = copyOf(start)
  const first = await reconcileOn(box, { ...options, fault })
  box.lockedBy = null
  const finished = finishedHooks(box.happened.slice(start.happened.length))
  const since = box.happened.length
  const second = await reconcileOn(box, options)
  const ran = box.happened.slice(since).filter(({ what }) => what === 'hook')
  const ranAgain = ran.map(({ name, stacklet: id }) => `${name} of ${id}`).filter((hook) => finished.has(hook))
  return { box, ranAgain, unlocked: [first, second].flatMap(({ calls }: Ran) => calls.unlocked) }
}

/** Once-only hooks that must have ended well, because their stacklet went on after them. */
function finishedHooks(happened: readonly Happening[]): ReadonlySet<string> {
  const hooks = happened.filter(({ what, name, stacklet: id }, index) => {
    const isOnce = what === 'hook' && onceOnly.some((event) => event === name)
    return isOnce && happened.slice(index + 1).some((later) => later.stacklet === id)
  })
  return new Set(hooks.map(({ name, stacklet: id }) => `${name} of ${id}`))
}

/** Containers that were made more than once oftener than without a fault. */
function wasted(rough: Box, calm: Box, start: Box, beside: ReadonlySet<string>): readonly string[] {
  const usual = timesMade(calm, start.happened.length, beside)
  const made = Object.entries(timesMade(rough, start.happened.length, beside))
  return made.filter(([name, count]) => count > (usual[name] ?? 0) + 1).map(([name]) => name)
}

/** A host on which one stacklet is new, one changes, one does so without a gap, one is to be paused and one leaves, with hooks and secrets. */
async function everything(): Promise<Box> {
  const box = emptyBox()
  const leaving = stacklet('leaving', { files: { 'hooks/on_stop.sh': 'pass', 'hooks/on_destroy.sh': 'pass' } })
  const changing = stacklet('changing', { services: { web: { mounts: ['conf'] } }, files: { 'conf/a': '1' } })
  const paused = stacklet('paused')
  const swift = stacklet('swift', { startsFirst: true, route: 'declared' })
  const events = ['on_install', 'on_install_success', 'on_start_ready']
  const hooks = Object.fromEntries(events.map((event) => [`hooks/${event}.sh`, 'pass']))
  const asking = { files: { ...hooks, 'hooks/on_configure.sh': 'ask' }, env: { ANSWER: '{fresh_answer}' } }
  const fresh = stacklet('fresh', { requires: ['changing'], generate: ['KEY'], isProbed: true, ...asking })
  const agents = stacklet('agents', { services: {}, programs: { agent: { isProbed: true } } })
  const changed = { ...changing, files: { 'conf/a': '2' } }
  commit(box, textsOf(host([leaving, changing, paused, swift], { domain: 'home.internal' })))
  await reconcileOn(box)
  const quick = { ...swift, env: { SAYS: 'two' } }
  const all = [
    { ...leaving, state: 'absent' as const },
    changed,
    { ...paused, state: 'paused' as const },
    fresh,
    agents,
    quick,
  ]
  commit(box, textsOf(host(all, { domain: 'home.internal' })))
  return box
}
