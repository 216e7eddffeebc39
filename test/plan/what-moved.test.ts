import { describe, expect, it } from 'vitest'
import type { Actual } from '../../reconciler/model/actual.ts'
import type { Desired } from '../../reconciler/model/desired.ts'
import type { Revision, StackletId } from '../../reconciler/model/names.ts'
import type { SealedPlan } from '../../reconciler/model/sealed-plan.ts'
import { planToSeal, seal } from '../../reconciler/plan/seal.ts'
import { whatMoved } from '../../reconciler/plan/what-moved.ts'
import { actual, and, applied, container, forgetting, idOf, type Since } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { type StackletIntent, stacklet } from '../support/intent.ts'

const web = 'stack-photos-web-1'
const secretly = { generate: ['KEY'], env: { COLOUR: 'red' } }
const mounting = { services: { web: { mounts: ['page.html'] } } }
const photos = (parts: Partial<Omit<StackletIntent, 'services'>> = {}) =>
  stacklet('photos', { ...secretly, ...mounting, requires: ['core'], files: { 'page.html': 'two' }, ...parts })
const others = [stacklet('core'), stacklet('mail')]
const before = desired([...others, photos({ files: { 'page.html': 'one' } })])
const want = desired([...others, photos()])
const have = applied(before)
const crashing = { state: 'restarting', restarts: 2, startedAtMs: 10 } as const

function sealedFrom(desiredThen: Desired, actualThen: Actual, ...ids: readonly string[]): SealedPlan {
  const sight = { desired: desiredThen, actual: actualThen, only: ids.length === 0 ? null : ids.map(idOf) }
  return seal(planToSeal(sight), desiredThen.revision as Revision, sight)
}

/** The host as it was, except for what happened to its containers. */
function since(what: Since): Actual {
  return applied(before, what)
}

interface Moved {
  readonly what: string
  readonly given?: Actual
  readonly desired?: Desired
  readonly actual?: Actual
  readonly words: readonly string[]
}

const cases: readonly Moved[] = [
  { what: 'nothing', words: [] },
  {
    what: 'the commit',
    desired: { ...want, revision: 'deadbeef'.repeat(5) as Revision },
    words: ['the commit (c0ffee1, now deadbee)'],
  },
  {
    what: 'a file',
    desired: desired([...others, photos({ files: { 'page.html': 'three' } })]),
    words: ['file page.html of photos'],
  },
  {
    what: 'a file more',
    desired: desired([...others, photos({ files: { 'page.html': 'two', 'b.html': '' } })]),
    words: ['file b.html of photos'],
  },
  {
    what: 'a file that only people read',
    desired: desired([...others, photos({ files: { 'page.html': 'two', 'README.md': 'new' } })]),
    words: ['file README.md of photos'],
  },
  {
    what: 'a secret',
    desired: desired([...others, photos()], { secrets: { photos__KEY: 'another value' } }),
    words: ['input env KEY of photos'],
  },
  {
    what: 'a value of the host',
    desired: desired([...others, photos({ override: { COLOUR: 'blue' } })]),
    words: ['input env COLOUR of photos'],
  },
  {
    what: 'a file that is being edited',
    desired: desired([...others, photos()], { uncommitted: ['stacklets/core/docker-compose.yml'] }),
    words: ['the work tree (uncommitted edits in stacklets/core (docker-compose.yml))'],
  },
  {
    what: 'a container, made anew',
    actual: since({ [web]: { id: 'another id' } }),
    words: [`container ${web} (made anew)`],
  },
  {
    what: 'a container, stopped',
    actual: since({ [web]: { state: 'exited' } }),
    words: [`container ${web} (running, now exited)`],
  },
  {
    what: 'a container, started again by hand',
    actual: since({ [web]: { startedAtMs: 5 } }),
    words: [`container ${web} (restarted)`],
  },
  { what: 'a container, removed', actual: since({ [web]: null }), words: [`container ${web} (gone)`] },
  {
    what: 'a container of what it requires',
    actual: since({ 'stack-core-web-1': { state: 'paused' } }),
    words: ['container stack-core-web-1 (running, now paused)'],
  },
  {
    what: 'a container that is new',
    actual: and(have, container('stack-photos-x', { stacklet: 'photos', project: 'stack-photos', service: 'x' })),
    words: ['container stack-photos-x (new)'],
  },
  {
    what: "a stranger's container in our project",
    actual: and(have, container('thief', { instance: null, project: 'stack-photos', service: 'web' })),
    words: ['container thief (new)'],
  },
  {
    what: 'a container that its policy restarts',
    given: since({ [web]: crashing }),
    actual: since({ [web]: { ...crashing, state: 'running', restarts: 7, startedAtMs: 90 } }),
    words: [],
  },
  {
    what: 'what was applied',
    actual: { ...have, ledger: { ...have.ledger, photos: { ...have.ledger['photos']!, appliedAt: 'later' } } },
    words: ['what was applied to photos'],
  },
  { what: 'what was applied, forgotten', actual: forgetting(have, 'photos'), words: ['what was applied to photos'] },
  { what: 'a container of nobody in the plan', actual: since({ 'stack-mail-web-1': { startedAtMs: 5 } }), words: [] },
  {
    what: 'a step more',
    actual: since({ 'stack-mail-web-1': { state: 'exited', exitCode: 1 } }),
    words: ['step await-health mail (new)', 'step start mail (new)'],
  },
  {
    what: 'a step that is done already',
    given: since({ 'stack-mail-web-1': { state: 'exited', exitCode: 1 } }),
    actual: have,
    words: ['container stack-mail-web-1 (exited, now running)'],
  },
  {
    what: 'what differs',
    given: since({ [web]: drifted('1') }),
    actual: since({ [web]: drifted('2') }),
    words: ['step replace photos (another one now)'],
  },
]

function drifted(memory: string): Partial<ReturnType<typeof container>> {
  const { fingerprint } = container(web)
  return { fingerprint: { ...fingerprint, 'Config.User': memory } }
}

describe('what a sealed plan rests on, when what moved is', () => {
  it.each(cases)('$what', ({ given = have, desired: wantNow = want, actual: haveNow = given, words }) => {
    expect(whatMoved(sealedFrom(want, given), wantNow, haveNow)).toEqual(words)
  })

  it('the first run of the instance', () => {
    const fresh = { ...actual(), instance: null }

    expect(whatMoved(sealedFrom(want, fresh), want, fresh)).toEqual([])
    expect(whatMoved(sealedFrom(want, fresh), want, actual())).toEqual(['the instance (it had its first run since)'])
  })

  it('of what was not asked for', () => {
    const now = since({ 'stack-mail-web-1': { state: 'exited', exitCode: 1 } })

    expect(whatMoved(sealedFrom(want, have, 'photos'), want, now)).toEqual([])
  })

  it('the file itself, in what it says of a step', () => {
    const sealed = sealedFrom(want, have)
    const [first, ...rest] = sealed.steps

    expect(whatMoved({ ...sealed, steps: rest }, want, have)).toEqual([`step ${first?.id} (new)`])
    expect(whatMoved({ ...sealed, steps: [...rest, first!] }, want, have)).toEqual(['the order of the steps'])
    expect(whatMoved({ ...sealed, only: ['mail' as StackletId] }, want, have)).toContain(
      `step ${first?.id} (not needed any more)`,
    )
  })
})

describe('a sealed plan', () => {
  it('says of an input that it moved, and nobody can guess it without the id of the instance', () => {
    const [here, there] = [have, { ...have, instance: 'instance-2' }].map((one) => sealedFrom(want, one))

    expect(here?.stacklets['photos']?.inputs['env KEY']).not.toBe(there?.stacklets['photos']?.inputs['env KEY'])
    expect(JSON.stringify(here)).not.toContain('instance-1')
    expect(JSON.stringify(here)).not.toContain('value of photos__KEY')
    expect(JSON.stringify(here)).not.toContain(want.stacklets.find(({ id }) => id === 'photos')?.inputs['env KEY'])
  })

  it('rests on the stacklets of its steps and what they require', () => {
    const { stacklets, containers } = sealedFrom(want, have)

    expect(Object.keys(stacklets)).toEqual(['core', 'photos'])
    expect(Object.keys(containers)).toEqual(['stack-core-web-1', web])
  })
})
