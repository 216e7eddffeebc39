import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testEngine } from '../engine/test-engine.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { type AllPlaces, choosePlaces } from './support/kill/choose-places.ts'
import { type EndState, endState } from './support/kill/end-state.ts'
import { type Counts, countEngine, type EngineCounts, wasted } from './support/kill/engine-counts.ts'
import { hookRecords, ranAgain } from './support/kill/hook-records.ts'
import { type Killable, killableProgram } from './support/kill/killable-program.ts'
import { type Life, type Move, makeLife, movesOf } from './support/kill/life.ts'

const onEnd = atTheEnd()
const moves = movesOf(testEngine().images.unhealthy)
const patience = 3_600_000
const lanes = [0, 1, 2, 3]

/** How a run ends that nobody kills. */
interface Reference {
  readonly state: EndState
  readonly counts: Counts
}

let program: Killable
let engine: EngineCounts
let chosen: AllPlaces
const references = new Map<string, Reference>()
const lives: Life[] = []

beforeAll(async () => {
  program = killableProgram()
  engine = await countEngine(testEngine().env)
  const life = await makeLife({ onEnd })
  // The network that all instances share is made once, and is there from then on.
  await moves[0]?.prepare(life)
  await program.undisturbed(life.host, ['reconcile'])
  const seen: Record<string, readonly string[]> = {}
  for (const move of moves) {
    await move.prepare(life)
    const fromMs = Date.now()
    seen[move.name] = await program.undisturbed(life.host, await move.words(life))
    const counts = engine.between(life.ids, fromMs, Date.now())
    references.set(move.name, { state: await endState(life.host, life.ids), counts })
  }
  chosen = choosePlaces(seen, process.env['STACK_KILLS'] === 'all')
  const count = (all: AllPlaces) => Object.values(all).flat().length
  process.stderr.write(`killed: ${count(chosen)} of ${count(seen)} places\n`)
  lives.push(life, ...(await Promise.all(lanes.slice(1).map(() => makeLife({ onEnd })))))
}, patience)

afterAll(() => engine.stop())

describe('a run that is killed, and one more', () => {
  it('end where an undisturbed run ends, wherever it was', { timeout: patience }, async () => {
    const told = await Promise.all(lives.map((life, lane) => liveThrough(life, lane)))
    const faults = told.flatMap((one) => one.faults)
    const deaths = told.reduce((sum, one) => sum + one.deaths, 0)

    expect(faults).toEqual([])
    expect(deaths).toBeGreaterThan(100)
  })
})

interface Told {
  deaths: number
  readonly faults: string[]
}

/** Its share of all places: a whole life again and again, in which each run is killed at the next place. */
async function liveThrough(life: Life, lane: number): Promise<Told> {
  const told: Told = { deaths: 0, faults: [] }
  const left = new Map(
    moves.map(({ name }) => [name, (chosen[name] ?? []).filter((_, at) => at % lanes.length === lane)]),
  )
  while ([...left.values()].some((places) => places.length > 0)) {
    const last = moves.findLastIndex(({ name }) => (left.get(name) ?? []).length > 0)
    for (const move of moves.slice(0, last + 1)) {
      const place = left.get(move.name)?.shift() ?? null
      const fault = await liveOn(life, move, place, told)
      if (fault === null) continue
      told.faults.push(`${move.name}, ${place}: ${fault}`)
      process.stderr.write(`killed: ${told.faults.at(-1)}\n`)
      break
    }
  }
  return told
}

/** One run, killed at this place or not at all, and the ordinary one after it. Answers what is wrong then. */
async function liveOn(life: Life, move: Move, place: string | null, told: Told): Promise<string | null> {
  await move.prepare(life)
  const words = await move.words(life)
  const before = await life.host.git('rev-parse', 'HEAD')
  const fromMs = Date.now()
  if (place === null) await program.undisturbed(life.host, words)
  else if (await program.killedAt(place, life.host, words)) told.deaths += 1
  else return 'it did not come by'
  const atDeath = await hookRecords(life)
  try {
    const run = await life.host.stack('reconcile', '--json')
    if (run.code !== move.code) return `the next run exited ${run.code}: ${run.stdout}${run.stderr}`
    // The commit was not made: nothing was asked for yet.
    const isUnsaid = words[0] === 'rollback' && (await life.host.git('rev-parse', 'HEAD')) === before
    if (isUnsaid) await program.undisturbed(life.host, words)
  } catch (thrown) {
    return (thrown as Error).message
  }
  const reference = references.get(move.name)
  if (reference === undefined) return 'there is no reference'
  const again = ranAgain(atDeath, await hookRecords(life))
  if (again.length > 0) return `ran again: ${again.join(', ')}`
  const more = wasted(engine.between(life.ids, fromMs, Date.now()), reference.counts)
  if (more.length > 0) return `more often than it had to: ${more.join(', ')}`
  return differenceOf(await endState(life.host, life.ids), reference.state)
}

function differenceOf(state: EndState, wanted: EndState): string | null {
  const names = [...new Set([...Object.keys(state), ...Object.keys(wanted)])].sort()
  const other = names.filter((name) => JSON.stringify(state[name]) !== JSON.stringify(wanted[name]))
  if (other.length === 0) return null
  return other.map((name) => differing(name, JSON.stringify(state[name]), JSON.stringify(wanted[name]))).join('\n')
}

/** From a moment before the first letter that differs. */
function differing(name: string, is = 'not there', should = 'not there'): string {
  const first = Math.max(0, [...is].findIndex((letter, at) => letter !== should[at]) - 40)
  return `${name} is …${is.slice(first, first + 160)}, not …${should.slice(first, first + 160)}`
}
