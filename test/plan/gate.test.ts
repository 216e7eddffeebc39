import { describe, expect, it } from 'vitest'
import type { Actual } from '../../reconciler/model/actual.ts'
import { and, applied, container, networksOf } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { stacklet } from '../support/intent.ts'
import { planText } from '../support/plan-text.ts'

const names = ['a', 'b', 'c', 'd', 'e']
const five = desired(names.map((id) => stacklet(id)))
const withHooks = { 'hooks/on_stop.sh': 'pass', 'hooks/on_destroy.sh': 'pass' }

describe('a desired.toml that lists nothing', () => {
  it.each(['down', 'destroy'] as const)('removes nothing, hooks and all, when prune is %s', (prune) => {
    const before = desired([stacklet('photos', { files: withHooks })])
    const want = desired([stacklet('photos', { state: 'unlisted', files: withHooks })], { prune })

    expect(planText(want, applied(before))).toMatch(
      /^! held: removing photos is held, because desired\.toml is missing/,
    )
  })

  it('holds even a single removal, and not for --yes', () => {
    const want = desired([])

    expect(planText(want, applied(five), { yes: true })).toMatchInlineSnapshot(`
      "! held: removing a, b, c, d, e is held, because desired.toml is missing or lists nothing
          restore desired.toml, or allow it with a commit that says Stack-Approve: d1d7950d8fa12e1f"
    `)
  })

  it('is quiet where nothing would be removed', () => {
    expect(planText(desired([], { prune: 'keep' }), applied(five))).toBe('')
  })
})

describe('max_removals', () => {
  const leaving = (count: number) => names.map((id, index) => stacklet(id, index < count ? { state: 'absent' } : {}))

  it.each([
    [0, 0, ''],
    [1, 0, 'a'],
    [3, 3, ''],
    [4, 3, 'a, b, c, d'],
    [5, 99, ''],
  ])('of %i leaving and %i allowed holds "%s"', (count, maxRemovals, held) => {
    const want = desired(leaving(count), { maxRemovals })

    const text = planText(want, applied(five))

    expect(/^! held: removing (.*) is held/m.exec(text)?.[1] ?? '').toBe(held)
    expect(text.includes('declared absent')).toBe(count > 0 && held === '')
  })

  it('is held until the digest it prints is approved', () => {
    const want = desired(leaving(4))
    const digest = /Stack-Approve: (\w+)/.exec(planText(want, applied(five)))?.[1]
    const have = { ...applied(five), approvals: [digest as Actual['approvals'][number]] }

    expect(planText(want, have)).toContain('- remove ')
  })

  it('is approved for these and no others', () => {
    const digest = /Stack-Approve: (\w+)/.exec(planText(desired(leaving(4)), applied(five)))?.[1]
    const have = { ...applied(five), approvals: [digest as Actual['approvals'][number]] }

    expect(planText(desired(leaving(5)), have)).toContain('! held: removing a, b, c, d, e is held')
  })

  it('counts no stacklet that was not there when a run last converged', () => {
    const have: Actual = { ...applied(five), converged: [] }

    expect(planText(desired(leaving(5)), have)).not.toContain('held')
  })

  it('does not hold what has nothing to do with it', () => {
    const want = desired([...leaving(4), stacklet('new')])

    expect(planText(want, applied(five))).toContain('never started')
  })
})

describe('a stacklet of which one step is held', () => {
  const files = { 'hooks/on_start.sh': 'pass' }
  const want = desired([
    stacklet('core', { files, services: { web: { build: 'app', containerName: 'core' } }, generate: ['KEY'] }),
    stacklet('photos', { requires: ['core'] }),
    stacklet('other'),
  ])
  const stranger = container('core', { instance: null })
  const have = and({ ...applied(desired([])), networks: networksOf(['stack']) }, stranger)

  it('stays as it is, and so does what requires it; the rest goes on', () => {
    expect(planText(want, have)).toMatchInlineSnapshot(`
      "other
        + write-env                    missing
        + pull-image server:1          missing
        + start                        never started
        · await-health                 started
        + finish-setup                 first healthy start

      ! held: remove-foreign core core is held, because name taken
          allow it with stack reconcile --yes, or a commit that says Stack-Approve: 2e1cbaed60d0bbc9"
    `)
  })

  it('holds as a whole what would take its place', () => {
    const front = { services: { web: { containerName: 'front' } } }
    const before = desired([stacklet('old', front)])
    const moved = desired([
      stacklet('old', { services: { web: { containerName: 'back' } } }),
      stacklet('new', { ...front, files: { 'hooks/on_start.sh': 'pass' } }),
    ])

    const text = planText(moved, and(applied(before), container('back', { instance: null })))

    expect(text.split('\n')).toHaveLength(2)
    expect(text).toContain('! held: ')
  })
})
