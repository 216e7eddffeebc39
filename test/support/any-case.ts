import fc from 'fast-check'
import { anyIntent, everyId } from './any-host.ts'
import { type Box, commit, emptyBox, ourInstance } from './fake/box.ts'
import type { Fault } from './fake/calls.ts'
import type { HostIntent, StackletIntent } from './intent.ts'
import { anyMishap, letHappen, type Mishap } from './mishaps.ts'
import { reconcileOn } from './run.ts'
import { textsOf } from './texts.ts'

/** A host with a past: what was declared before, what happened to it since, and what is declared now. */
export interface Case {
  readonly past: readonly Past[]
  readonly mishaps: readonly Mishap[]
  readonly want: HostIntent
  /** Whether a person consents. */
  readonly yes: boolean
  /** In which of many ways the steps that go on at once interleave. */
  readonly seed: number
}

interface Past {
  readonly intent: HostIntent
  /** Where that run came to grief, if it did before it was over: the host is as it left it. */
  readonly fault: Fault | null
}

const anyFault: fc.Arbitrary<Fault> = fc.record({
  place: fc.nat(120),
  ends: fc.constantFrom<Fault['ends'][]>('process', 'call', 'calls'),
})

const anyPast: fc.Arbitrary<Past> = fc.record({
  intent: anyIntent,
  fault: fc.option(anyFault, { freq: 2 }),
})

export const anyCase: fc.Arbitrary<Case> = fc
  .record({
    past: fc.array(anyPast, { maxLength: 2 }),
    mishaps: fc.array(anyMishap, { maxLength: 5 }),
    want: anyIntent,
    yes: fc.boolean(),
    seed: fc.nat(),
  })
  .map((one) => ({ ...one, [fc.toStringMethod]: () => tell(one) }))

/** The host as the next run finds it. */
export async function boxOf({ past, mishaps, want }: Pick<Case, 'past' | 'mishaps' | 'want'>): Promise<Box> {
  const box = emptyBox()
  for (const { intent, fault } of past) {
    commit(box, textsOf(intent))
    await reconcileOn(box, fault === null ? {} : { fault })
    box.lockedBy = null
  }
  box.instance ??= ourInstance
  for (const mishap of mishaps) letHappen(box, everyId, mishap)
  commit(box, textsOf(want))
  return box
}

/** Numbers below `limit` that look random and are the same for the same seed. */
export function numbersFrom(seed: number, limit: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 16) % limit
  }
}

/** The same cases every time, so that a red run is red again; another seed looks elsewhere. */
const everydaySeed = 20_261_121

/** As many cases as a check of every commit can afford; more with `STACK_RUNS`. */
export function runs(usual: number): { readonly numRuns: number; readonly seed: number } {
  const { STACK_RUNS = usual, STACK_SEED = everydaySeed } = process.env
  return { numRuns: Number(STACK_RUNS), seed: Number(STACK_SEED) }
}

/** A case as a person would tell it. */
function tell({ past, mishaps, want, yes, seed }: Case): string {
  const happened = mishaps.map(({ kind, pick }) => `${kind} ${pick}`).join(', ')
  const consent = yes ? 'with consent' : 'without consent'
  const before = past.length === 0 ? 'nothing' : past.map(tellPast).join('\nthen: ')
  return `\nbefore: ${before}\nsince: ${happened}\nnow, ${consent}: ${tellIntent(want)}\nseed: ${seed}`
}

function tellPast({ intent, fault }: Past): string {
  return tellIntent(intent) + (fault === null ? '' : `\n  cut short: ${fault.ends} at ${fault.place}`)
}

function tellIntent({ stacklets, ...pace }: HostIntent): string {
  return [JSON.stringify(pace), ...stacklets.map(tellStacklet)].join('\n  ')
}

function tellStacklet({ id, state, requires, services, files, ...rest }: StackletIntent): string {
  const usual = { build: null, replicas: 1, port: null, containerName: null, hasHealthcheck: false, mounts: '' }
  const parts = Object.entries(services).map(([name, service]) => {
    const said = Object.entries(service).filter(([key, value]) => String(value) !== String(usual[key as 'port']))
    return `${name}(${said.map(([key, value]) => `${key}=${value}`).join(' ')})`
  })
  const told = Object.entries(rest).filter(([, value]) => value !== null && value !== false && String(value) !== '')
  return `${id} ${state} after [${requires}] ${parts.join(' ')} ${JSON.stringify(Object.fromEntries(told))} ${JSON.stringify(files)}`
}
