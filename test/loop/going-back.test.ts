import { describe, expect, it } from 'vitest'
import { type Box, commit, copyOf, emptyBox } from '../support/fake/box.ts'
import { type HostIntent, host, type StackletIntent, stacklet } from '../support/intent.ts'
import { unmet, unmetStacklet } from '../support/judge.ts'
import { changesIn, planOn, reconcileOn } from '../support/run.ts'
import { textsOf } from '../support/texts.ts'

const good = (id: string, more: Partial<StackletIntent> = {}) =>
  stacklet(id, { files: { 'conf/site.conf': 'good' }, ...more })

const sick = (id: string) => stacklet(id, { services: { web: { image: 'sick:1', hasHealthcheck: true } } })

/** Everything ran well, and then this was committed. */
async function boxWith(before: HostIntent, ...after: readonly HostIntent[]): Promise<Box> {
  const box = emptyBox()
  for (const intent of [before, ...after]) {
    if (intent !== before) await reconcileOn(box)
    commit(box, textsOf(intent))
  }
  return box
}

describe('a version that is not well after a change', () => {
  it('goes back to the last good one in the same run, which says so and is stalled', async () => {
    const [before, after] = [host([good('a')]), host([sick('a')])]
    const box = await boxWith(before, after)

    const { report } = await reconcileOn(box)

    expect(report?.outcome).toMatchObject({ kind: 'stalled', error: { code: 'STACK_QUARANTINED' } })
    expect(report?.steps.map(({ id, because, result }) => `${id}, ${because}: ${result}`)).toMatchInlineSnapshot(`
      [
        "pull-image a sick:1, missing: done",
        "replace a, content changed: done",
        "await-health a, started: failed",
        "replace a, rolled back: done",
        "await-health a, started: done",
      ]
    `)
    expect(unmetStacklet(before.stacklets[0] as StackletIntent, box)).toEqual([])
  })

  it('is left alone by the next hundred runs', async () => {
    const box = await boxWith(host([good('a')]), host([sick('a')]))
    await reconcileOn(box)
    const containers = copyOf(box).containers

    for (let run = 0; run < 100; run += 1) {
      const { report, calls } = await reconcileOn(box)
      expect(report?.outcome.kind).toBe('stalled')
      expect(report?.steps).toEqual([])
      expect(changesIn(calls)).toEqual(['records.writeLastRun'])
    }
    expect(box.containers).toEqual(containers)
  })

  it('is left alone when git changes another stacklet', async () => {
    const box = await boxWith(host([good('a'), good('b')]), host([sick('a'), good('b')]))
    await reconcileOn(box)
    commit(box, textsOf(host([sick('a'), good('b', { env: { MODE: 'new' } })])))

    const { report } = await reconcileOn(box)

    expect(report?.steps.filter(({ stacklet: id }) => id === 'a')).toEqual([])
    expect(report?.steps.filter(({ stacklet: id }) => id === 'b')).not.toEqual([])
    expect(report?.outcome.kind).toBe('stalled')
  })

  it('is replaced at once by a commit that mends it', async () => {
    const mended = host([good('a', { env: { MODE: 'mended' } })])
    const box = await boxWith(host([good('a')]), host([sick('a')]))
    const before = copyOf(box)
    await reconcileOn(box)
    commit(box, textsOf(mended))

    const { report } = await reconcileOn(box)

    expect(report?.outcome).toEqual({ kind: 'converged' })
    expect(unmet(mended, before, box)).toEqual([])
    expect(box.standings.size).toBe(0)
  })

  it('needs nothing when git takes it back', async () => {
    const before = host([good('a')])
    const box = await boxWith(before, host([sick('a')]))
    await reconcileOn(box)
    commit(box, textsOf(before))

    const { report } = await reconcileOn(box)

    expect(report?.outcome).toEqual({ kind: 'converged' })
    expect(unmetStacklet(before.stacklets[0] as StackletIntent, box)).toEqual([])
  })

  it('runs its last good version until then: what happens to that is put right', async () => {
    const before = host([good('a')])
    const box = await boxWith(before, host([sick('a')]))
    await reconcileOn(box)
    box.containers = []

    const { report } = await reconcileOn(box)

    expect(report?.steps.map(({ id }) => id)).toContain('start a')
    expect(unmetStacklet(before.stacklets[0] as StackletIntent, box)).toEqual([])
  })

  it('goes back on its values as well, when those were what changed', async () => {
    const image = '$' + '{IMAGE}'
    const valued = (override: Record<string, string>) => {
      const web = { image, hasHealthcheck: true }
      return host([stacklet('a', { env: { IMAGE: 'server:1' }, override, services: { web } })])
    }
    const box = await boxWith(valued({}), valued({ IMAGE: 'sick:1' }))
    await reconcileOn(box)

    const { report } = await reconcileOn(box)

    expect(report?.outcome.kind).toBe('stalled')
    expect(box.containers.map((one) => one.image)).toEqual(['server:1'])
    expect(box.files.get('/instance/stacklets/a/.env')).toContain('server:1')
  })

  it('is kept as it is where the policy says so, and tried again by the next run', async () => {
    const box = await boxWith(host([good('a')]), host([sick('a')], { onFailure: 'keep' }))
    await reconcileOn(box)

    const { report } = await reconcileOn(box)

    expect(report?.outcome.kind).toBe('failed')
    expect(box.containers.map(({ image }) => image)).toEqual(['sick:1'])
  })

  it('has nothing to go back to on a first install: the next run goes on where it failed', async () => {
    const box = await boxWith(host([sick('a')]))
    await reconcileOn(box)

    const { report } = await reconcileOn(box)

    expect(report?.outcome.kind).toBe('failed')
    expect(box.standings.get('a')?.quarantine).toBeNull()
    expect(box.standings.get('a')?.failure).toMatchObject({ count: 2 })
  })

  it('keeps back what is new behind it, and nothing that runs', async () => {
    const b = good('b', { requires: ['a'] })
    const box = await boxWith(host([good('a'), b]), host([sick('a'), { ...b, env: { MODE: 'new' } }]))
    await reconcileOn(box)
    box.containers = box.containers.filter(({ project }) => project !== 'stack-b')

    const plan = await planOn(box)

    expect(plan.notes.map(({ kind, stacklet: id }) => `${kind} ${id}`)).toEqual(['waiting b', 'quarantined a'])
  })
})

describe('a failure before any container is touched', () => {
  const failing = stacklet('a', { env: { MODE: 'new' }, files: { 'hooks/on_start.sh': 'fail' } })

  it('is no verdict: it is tried again, and what ran runs on', async () => {
    const box = await boxWith(host([stacklet('a')]), host([failing]))
    const containers = box.containers

    const { report } = await reconcileOn(box)

    expect(report?.outcome.kind).toBe('failed')
    expect(box.containers).toEqual(containers)
    expect(box.standings.get('a')).toMatchObject({ quarantine: null, failure: { count: 1 } })
  })

  it('waits for its next try in a run that nobody asked for, longer each time', async () => {
    const box = await boxWith(host([stacklet('a')]), host([failing]))
    const pauses: number[] = []
    for (let tries = 0; tries < 12; tries += 1) {
      await reconcileOn(box, { isUnattended: true })
      const idle = await reconcileOn(box, { isUnattended: true })
      expect(idle.report?.outcome.kind).toBe('waiting')
      const retryAtMs = box.standings.get('a')?.failure?.retryAtMs ?? 0
      pauses.push(Math.round((retryAtMs - box.nowMs) / 1000))
      box.nowMs = retryAtMs
    }

    expect(pauses).toEqual([11, 22, 44, 88, 176, 352, 704, 990, 990, 990, 990, 990])
  })

  it('is tried at once by a person', async () => {
    const box = await boxWith(host([stacklet('a')]), host([failing]))
    await reconcileOn(box, { isUnattended: true })

    const { report } = await reconcileOn(box)

    expect(report?.outcome.kind).toBe('failed')
  })

  it('is forgotten when it works', async () => {
    const box = await boxWith(host([stacklet('a')]), host([failing]))
    await reconcileOn(box, { isUnattended: true })
    commit(box, textsOf(host([stacklet('a', { env: { MODE: 'new' } })])))

    const { report } = await reconcileOn(box, { isUnattended: true })

    expect(report?.outcome).toEqual({ kind: 'converged' })
    expect(box.standings.size).toBe(0)
  })
})
