import { describe, expect, it, onTestFinished } from 'vitest'
import { happeningOf, readEvent } from '../../reconciler/adapters/docker/event-words.ts'
import { ownSubjects } from '../../reconciler/adapters/docker/own-subjects.ts'
import type { ContainerNews } from '../../reconciler/model/engine-news.ts'
import { type DockerWatch, watchDocker } from '../../watchers/docker.ts'
import { engineVersions, type Told, told, toldBy } from '../adapters/docker/told.ts'
import { type FakeEvents, fakeEvents } from '../support/fake/events.ts'
import { type ManualClock, manualClock } from '../support/manual-clock.ts'

/** What a person stopped on purpose, of everything that was recorded. */
const byHand: Readonly<Record<string, string>> = {
  'docker stop': 'one',
  'docker stop, TERM ignored': 'one',
  'docker stop of a paused one': 'one',
  'compose stop': 'stack-photos-web-1',
  'compose down': 'stack-photos-web-1',
}

describe.each(engineVersions)('the news of Docker %s', (version) => {
  // What an engine ends at its start is told after it said that it was started anew.
  const recorded = toldBy(version).filter(({ title }) => title !== 'after SIGKILL')

  it.each(recorded.map(({ title }) => title))('hold what a person stopped, and nothing else: %s', async (title) => {
    const watch = await watching()

    await watch.play(told(version, title))

    expect(watch.holds).toEqual(title in byHand ? [byHand[title]] : [])
  })

  it.each(Object.keys(byHand))('are no hold when a step of ours did it: %s', async (title) => {
    const watch = await watching({ wasOurs: () => true })

    await watch.play(told(version, title))

    expect([watch.holds, watch.warnings]).toEqual([[], []])
    expect(watch.requests.length).toBeGreaterThan(0)
  })

  it.each(Object.keys(byHand))('say before a look could start it that a person may be at it: %s', async (title) => {
    const watch = await watching()

    await watch.play(told(version, title))

    const { deathMs } = watch.at
    expect(watch.warnings[0]?.atMs).toBeLessThanOrEqual(deathMs)
    expect(watch.requests.filter(({ atMs }) => atMs > deathMs - 50 && atMs < deathMs + 2000)).toEqual([])
  })

  it.each([
    ['process killed from the host', 25],
    ['exits 1', 25],
    ['out of memory', 25],
    ['docker kill', 150],
    ['rm -f', 150],
    ['compose kill', 150],
  ])('ask for a look soon after a death: %s', async (title, withinMs) => {
    const watch = await watching()

    await watch.play(told(version, title))

    const soon = watch.requests.filter(({ atMs }) => atMs >= watch.at.deathMs)
    expect(soon[0]?.atMs).toBeLessThanOrEqual(watch.at.deathMs + withinMs)
    expect(soon.at(-1)?.atMs).toBeGreaterThanOrEqual(watch.at.deathMs + 1_000)
    expect(soon.every(({ stacklet }) => stacklet === 'photos')).toBe(true)
  })

  it.each(['rename', 'update', 'network connect and disconnect', 'unhealthy', 'pause and unpause'])(
    'ask for a look within a tenth of a second, and not for each word: %s',
    async (title) => {
      const watch = await watching()
      const { lines } = told(version, title)
      const lastMs = atMsOf(lines.at(-1) ?? '')

      await watch.play(told(version, title))

      expect(watch.requests.some(({ atMs }) => atMs >= lastMs && atMs <= lastMs + 100)).toBe(true)
      expect(watch.requests.length).toBeLessThanOrEqual(lines.length)
    },
  )

  it('say nothing of what was executed in a container', async () => {
    const lines = told(version, 'exec').lines

    expect(lines.join('\n')).toContain('exec_create')
    expect(lines.map((line) => happeningOf(orThrow(readEvent(line))))).toEqual(lines.map(() => null))
  })

  it('hold nothing of what an engine stopped that was being stopped itself, long before it was gone', async () => {
    const watch = await watching()
    watch.events.isOpen = false

    await watch.play({ ...told(version, 'docker stop'), broke: null })

    expect(watch.holds).toEqual([])
    expect(watch.requests.length).toBeGreaterThan(0)
  })

  it('hold nothing of what an engine ended that was started anew after it was killed', async () => {
    const watch = await watching()
    const { lines } = told(version, 'after SIGKILL')
    watch.events.tell({ kind: 'engine-lost', atNs: `${nsOf(lines[0] ?? '') - 1n}`, why: 'ECONNRESET' })
    watch.events.tell({ kind: 'engine-up', atNs: `${nsOf(lines.at(-1) ?? '') + 1n}`, isSeamless: false })

    await watch.play(told(version, 'after SIGKILL'))

    expect(watch.holds).toEqual([])
    expect(watch.requests[0]).toMatchObject({ stacklet: null })
  })
})

describe('a stop by hand', () => {
  it('is a hold though the stream broke meanwhile, when nothing is missing', async () => {
    const watch = await watching()
    await watch.play({ ...told('26.1', 'docker stop'), quietMs: 500 })
    watch.events.tell({ kind: 'engine-lost', atNs: '1', why: 'a proxy ended' })
    await watch.clock.advance(100)
    watch.events.tell({ kind: 'engine-up', atNs: '2', isSeamless: true })

    await watch.clock.advance(3_000)

    expect(watch.holds).toEqual(['one'])
  })

  it('is none while the engine is away', async () => {
    const watch = await watching()
    await watch.play({ ...told('20.10', 'docker stop'), quietMs: 1_900 })
    watch.events.tell({ kind: 'engine-lost', atNs: '1', why: 'ECONNRESET' })

    await watch.clock.advance(3_000)

    expect(watch.holds).toEqual([])
  })

  it('is none when another container of its name runs a moment later', async () => {
    const watch = await watching()
    const [created, ...rest] = told('26.1', 'compose up --force-recreate').lines

    await watch.play({ title: '', lines: [orThrow(created), ...rest], broke: null })

    expect(watch.holds).toEqual([])
  })
})

describe('however much happens', () => {
  it('one look is asked for, and few sleep for it', async () => {
    const watch = await watching()
    const restarted = told('26.1', 'update').lines[0] ?? ''

    await watch.play({ title: '', lines: Array.from({ length: 500 }, () => restarted), broke: null, quietMs: 10_000 })

    expect(watch.requests).toHaveLength(1)
    expect(watch.clock.sleeping).toBe(0)
  })
})

interface Asked {
  readonly stacklet: string | null
  /** By the engine's time. */
  readonly atMs: number
}

async function watching(more: Partial<DockerWatch> = {}) {
  const events = fakeEvents()
  const clock = manualClock(0)
  const requests: Asked[] = []
  const warnings: { readonly container: string; readonly atMs: number }[] = []
  const holds: string[] = []
  const at = { deathMs: 0 }
  const cancel = new AbortController()
  const ended = watchDocker(
    {
      ...{ events, clock, sinceNs: null, instance: 'inst', ownerOf: () => null, wasOurs: () => false },
      request: ({ stacklet }) => requests.push({ stacklet, atMs: clock.nowMs() }),
      onStopping: ({ container, atMs }) => warnings.push({ container, atMs }),
      onHold: ({ container }) => holds.push(container),
      ...more,
    },
    cancel.signal,
  )
  onTestFinished(async () => {
    cancel.abort()
    await ended
  })
  const play = (what: Told & { readonly quietMs?: number }) => playTo({ events, clock, at }, what)
  return { events, clock, requests, warnings, holds, at, play }
}

interface Stage {
  readonly events: FakeEvents
  readonly clock: ManualClock
  readonly at: { deathMs: number }
}

/** Tells what was recorded, each thing when it happened, and lets five quiet seconds follow. */
async function playTo({ events, clock, at }: Stage, { lines, broke, quietMs = 5_000 }: Told & { quietMs?: number }) {
  for (const news of newsIn(lines)) {
    const atMs = Number(BigInt(news.atNs) / 1_000_000n)
    if (clock.nowMs() < 1e12) clock.jump(atMs - clock.nowMs())
    await clock.advance(Math.max(0, atMs - clock.nowMs()))
    if (news.kind === 'died') at.deathMs = atMs
    events.tell(news)
  }
  if (broke !== null) events.tell({ kind: 'engine-lost', atNs: `${BigInt(clock.nowMs()) * 1_000_000n}`, why: broke })
  await clock.advance(quietMs)
}

function newsIn(lines: readonly string[]): readonly ContainerNews[] {
  const subjects = ownSubjects({ instance: 'inst', ownerOf: () => null })
  const all = lines.map((line) => orThrow(readEvent(line)))
  // Networks name a container by its id alone: the adapter has seen it before.
  const labels = { 'stack.instance': 'inst', 'stack.stacklet': 'photos' }
  subjects.know(all.map(({ containerId, attributes: { name = '' } }) => ({ id: containerId, name, labels })))
  return all.flatMap((event) => {
    const [subject, happening] = [subjects.subjectOf(event), happeningOf(event)]
    return subject === null || happening === null ? [] : [{ ...subject, ...happening, atNs: event.atNs }]
  })
}

function nsOf(line: string): bigint {
  return BigInt(orThrow(readEvent(line)).atNs)
}

function atMsOf(line: string): number {
  return Number(nsOf(line) / 1_000_000n)
}

function orThrow<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error('nothing there')
  return value
}
