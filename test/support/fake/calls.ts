import { StackError } from '../../../reconciler/model/errors.ts'
import type { Box } from './box.ts'

/** One call that the program made to the world. */
export interface Call {
  /** `engine.act`, `ledger.write`. */
  readonly name: string
  /** Whether it is there to change something. */
  readonly changes: boolean
}

/** Where a process comes to grief: the n-th place where it could, counted from 0. */
export interface Fault {
  readonly place: number
  /**
   * call: that call fails, the process goes on. calls: so does every later one. process: it is killed there. cancel: somebody
   * ends the run there, and that call with it.
   */
  readonly ends: 'call' | 'calls' | 'process' | 'cancel'
}

export interface Calls {
  readonly made: readonly Call[]
  /** The places there were to fail at: those of calls that only look are quiet. */
  places(): readonly Place[]
  isDead(): boolean
  /** Resolves when the process is killed. */
  readonly died: Promise<void>
  /** Changes that were made by a process that did not hold the lock. */
  readonly unlocked: readonly string[]
  /** A place inside of a call: it may fail there, half done. */
  readonly midway: () => void
  around<Answer>(call: Call, work: () => Promise<Answer>): Promise<Answer>
}

export type Place = 'quiet' | 'changing'

export interface CallOptions {
  readonly fault?: Fault | undefined
  /** How many turns each call takes, so that steps that go on at once interleave in many ways. */
  readonly turns?: (() => number) | undefined
  /** What somebody does who ends a run. */
  readonly cancel?: (() => void) | undefined
}

class Killed extends Error {}

/** Records every call, and fails the one that it was told to. */
export function recordCalls(box: Box, pid: number, { fault, turns = () => 0, cancel }: CallOptions): Calls {
  const made: Call[] = []
  const unlocked: string[] = []
  const places: Place[] = []
  let isDead = false
  let die: () => void = () => {}
  const died = new Promise<void>((resolve) => {
    die = resolve
  })

  function place(kind: Place = 'changing'): void {
    const number = places.push(kind) - 1
    const isHere = number === fault?.place || (fault?.ends === 'calls' && number > fault.place)
    if (!isHere) return
    if (fault?.ends === 'cancel') cancel?.()
    if (fault?.ends !== 'process') throw new StackError('STACK_ENGINE_UNREACHABLE', 'a fault', { hint: 'try again' })
    isDead = true
    if (box.lockedBy === pid) box.lockedBy = null
    die()
    throw new Killed()
  }

  async function around<Answer>(call: Call, work: () => Promise<Answer>): Promise<Answer> {
    for (let turn = turns(); turn > 0; turn -= 1) await null
    if (isDead) return forever()
    made.push(call)
    if (call.changes && box.lockedBy !== pid) unlocked.push(call.name)
    return attempt(call, work).catch((thrown: unknown) => {
      if (thrown instanceof Killed) return forever()
      throw thrown
    })
  }

  async function attempt<Answer>(call: Call, work: () => Promise<Answer>): Promise<Answer> {
    place(call.changes ? 'changing' : 'quiet')
    const answer = await work()
    if (call.changes) place()
    return answer
  }

  return { made, places: () => places, isDead: () => isDead, died, unlocked, midway: () => place(), around }
}

function forever(): Promise<never> {
  return new Promise(() => {})
}
