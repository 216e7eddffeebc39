import fc from 'fast-check'
import { expect, it } from 'vitest'
import { tagShape } from '../../../reconciler/lib/tag-shape.ts'
import type { Channel, UpdatePolicy } from '../../../reconciler/model/update.ts'
import { decideUpdate, type Sighting } from '../../../reconciler/plan/updates/decide-update.ts'
import { newerTags } from '../../../reconciler/plan/updates/newer-tags.ts'
import { dayMs, hourMs, policy } from './given.ts'

const firstMs = Date.parse('2026-01-01T00:00:00Z')
const hours = 365 * 24

/** Something is published: a tag gets a digest. */
interface Release {
  readonly hour: number
  readonly tag: string
}

interface Taken {
  readonly atMs: number
  readonly from: string
  readonly to: string
  readonly ageMs: number
}

/** A host that looks every hour of a year, and what it took. */
function yearOf(releases: readonly Release[], rules: UpdatePolicy, timeZone: string): readonly Taken[] {
  const registry = new Map([['1.2.3', 'digest 0']])
  const seen: Sighting[] = []
  const taken: Taken[] = []
  let current = { tag: '1.2.3', digest: 'digest 0' }
  for (let hour = 0; hour < hours; hour += 1) {
    const nowMs = firstMs + hour * hourMs
    for (const [index, one] of releases.entries()) if (one.hour === hour) registry.set(one.tag, `digest ${index + 1}`)
    const see = (tag: string): Sighting => {
      const digest = registry.get(tag) ?? ''
      const known = seen.find((one) => one.tag === tag && one.digest === digest)
      if (known !== undefined) return known
      seen.push({ tag, digest, firstSeenMs: nowMs })
      return { tag, digest, firstSeenMs: nowMs }
    }
    const offered = see(current.tag)
    const newer = newerTags(current.tag, [...registry.keys()], rules).map(see)
    const former = seen.filter((one) => one.tag === current.tag)
    const common = { quarantined: {}, reverted: [], held: null, nowMs, timeZone }
    const decision = decideUpdate({ policy: rules, current, offered, former, newer, ...common })
    if (decision.kind !== 'update') continue
    const { firstSeenMs } = seen.find((one) => one.digest === decision.to.digest) ?? { firstSeenMs: nowMs }
    taken.push({ atMs: nowMs, from: current.tag, to: decision.to.tag, ageMs: nowMs - firstSeenMs })
    current = decision.to
  }
  return taken
}

/** The clock on the wall, asked in another way than the program does. */
function wall(ms: number, timeZone: string): { readonly day: string; readonly time: string } {
  const [day = '', time = ''] = new Date(ms)
    .toLocaleString('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' })
    .split(/,? /)
  return { day, time }
}

const numbers = fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 9 }))
const tags = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 3, max: 9 }).map((patch) => `1.2.${patch}`) },
  numbers.map((parts) => parts.join('.')),
  numbers.map((parts) => `${parts.join('.')}-alpine`),
  fc.constantFrom('1.2.3', 'latest', '1.2', '2', 'v1.2.9'),
)
const release = fc.record({ hour: fc.integer({ min: 0, max: hours - 1 }), tag: tags })
const days = fc.subarray(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'], { minLength: 1 })
const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC')
const kinds: fc.Arbitrary<Channel> = fc.constantFrom('digest', 'patch', 'minor', 'major')
const minAges = fc.constantFrom(0, hourMs, 3 * dayMs, 20 * dayMs)
const openings = fc.record({ days, from: fc.integer({ min: 0, max: 20 }), length: fc.integer({ min: 1, max: 3 }) })

function isAllowed(channel: Channel, from: string, to: string): boolean {
  if (from === to) return true
  const [one, other] = [tagShape(from)?.numbers ?? [], tagShape(to)?.numbers ?? []]
  const fixed = { digest: 3, patch: 2, minor: 1, major: 0, none: 3 }[channel]
  return /^\d+\.\d+\.\d+$/.test(to) && one.slice(0, fixed).join('.') === other.slice(0, fixed).join('.')
}

it('takes nothing outside of its window, age or channel in a year of releases', { timeout: 60_000 }, () => {
  let updates = 0
  const releases = fc.array(release, { minLength: 5, maxLength: 60 })
  fc.assert(
    fc.property(releases, kinds, minAges, openings, zones, (published, channel, minAgeMs, opening, timeZone) => {
      const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`
      const until = clock(opening.from + opening.length)
      const window = `${opening.days.join(',')} ${clock(opening.from)}-${until}`
      const taken = yearOf(published, policy({ channel, minAgeMs, window }), timeZone)

      for (const one of taken) {
        const { day, time } = wall(one.atMs, timeZone)
        expect(opening.days).toContain(day)
        expect(time >= clock(opening.from) && time < until, `${time} in ${window}`).toBe(true)
        expect(one.ageMs).toBeGreaterThanOrEqual(minAgeMs)
        expect(isAllowed(channel, one.from, one.to), `${one.from} → ${one.to} on ${channel}`).toBe(true)
      }
      updates += taken.length
    }),
    { numRuns: Number(process.env['STACK_RUNS'] ?? 10), seed: Number(process.env['STACK_SEED'] ?? 7) },
  )
  expect(updates).toBeGreaterThan(20)
})
