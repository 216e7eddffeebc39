import { closest } from '../lib/closest.ts'
import { inOrderOf, reachableFrom } from '../lib/topology.ts'
import type { Desired, DesiredStacklet, DesiredState } from '../model/desired.ts'
import { StackError } from '../model/errors.ts'
import type { StackletId } from '../model/names.ts'

export type Verb = 'up' | 'down' | 'destroy' | 'pause' | 'unpause'

/** What a verb is said of. */
export interface Scene {
  /** What the file says now. */
  readonly desired: Desired
  /** Every stacklet that there is, listed or not. */
  readonly everyone: readonly DesiredStacklet[]
  /** Those that left something on this host; the directory may be gone. */
  readonly remembered: readonly StackletId[]
  /** Those that run at this moment. */
  readonly running: readonly StackletId[]
}

export interface Choice {
  /** What has to be declared, in an order in which it can be read: what is required first. */
  readonly states: ReadonlyMap<StackletId, DesiredState>
  /** Whom the run is for. */
  readonly ids: readonly StackletId[]
}

/** Turns a verb into declarations. Throws, naming what would break and the command that would not, where it must not be done. */
export function chooseStates(verb: Verb, ids: readonly string[] | 'all', scene: Scene): Choice {
  const named = ids === 'all' ? everyoneMeant(verb, scene) : [...new Set(ids.map((id) => knownId(id, scene)))]
  switch (verb) {
    case 'up':
      return bringUp(named, scene)
    case 'down':
      return stop(named, scene)
    case 'destroy':
      return destroy(named, scene)
    case 'pause':
    case 'unpause':
      return turn(verb, named, scene)
  }
}

/** `up all`: whatever is listed, unless it was declared absent. `down all`: whatever runs, or would. */
function everyoneMeant(verb: Verb, { desired, running }: Scene): readonly StackletId[] {
  const listed = desired.stacklets.filter((one) => one.state !== 'absent')
  if (verb === 'up') return listed.map((one) => one.id)
  const up = listed.filter((one) => one.state !== 'stopped').map((one) => one.id)
  const known = [...desired.stacklets, ...desired.undeclared].map((one) => one.id)
  return [...new Set([...up, ...running.filter((id) => known.includes(id))])].sort()
}

function knownId(id: string, { desired, everyone, remembered }: Scene): StackletId {
  const known = [...[...everyone, ...desired.stacklets].map((one) => one.id), ...desired.gone, ...remembered]
  const found = known.find((one) => one === id)
  if (found !== undefined) return found
  const meant = closest(id, known)
  const hint = meant === null ? 'stack list shows what there is' : `did you mean ${meant}?`
  throw new StackError('STACK_UNKNOWN_STACKLET', `there is no stacklet ${id}`, { hint, terminal: true })
}

/** What is required and in no line yet is declared with it. What somebody stopped on purpose is not started behind their back. */
function bringUp(named: readonly StackletId[], scene: Scene): Choice {
  const requires = (id: StackletId) => requiresOf(id, scene)
  const required = [...reachableFrom(named, requires)].filter((id) => !named.includes(id))
  const stopped = required.filter((id) => ['stopped', 'absent'].includes(stateOf(id, scene) ?? ''))
  if (stopped.length > 0) throw needsStopped(named, stopped, scene)

  const missing = required.filter((id) => stateOf(id, scene) === null && scene.everyone.some((one) => one.id === id))
  const ordered = inOrderOf([...named, ...missing].sort(), requires)
  return { states: all(ordered, 'running'), ids: [...named, ...missing] }
}

function stop(named: readonly StackletId[], scene: Scene): Choice {
  const dependents = whoRequires(named, ['running'], scene)
  if (dependents.length > 0) throw isNeeded('stopped', 'stack down', named, dependents, scene)
  const there = named.filter((id) => isHere(id, scene) && stateOf(id, scene) !== 'absent')
  return { states: all(there, 'stopped'), ids: named }
}

function destroy(named: readonly StackletId[], scene: Scene): Choice {
  const kept = scene.everyone.find((one) => named.includes(one.id) && one.stacklet.alwaysOn)
  if (kept !== undefined) throw isAlwaysOn(kept)
  const dependents = whoRequires(named, ['running', 'paused'], scene)
  if (dependents.length > 0) throw isNeeded('destroyed', 'stack destroy', named, dependents, scene)
  const there = named.filter((id) => isHere(id, scene))
  return { states: all(there, 'absent'), ids: named }
}

function turn(verb: 'pause' | 'unpause', named: readonly StackletId[], scene: Scene): Choice {
  for (const id of named) {
    const state = stateOf(id, scene)
    if (state !== 'running' && state !== 'paused') throw doesNotRun(id, state, verb)
  }
  return { states: all(named, verb === 'pause' ? 'paused' : 'running'), ids: named }
}

function all(ids: readonly StackletId[], state: DesiredState): ReadonlyMap<StackletId, DesiredState> {
  return new Map(ids.map((id) => [id, state]))
}

/** Null for what is in no line. */
function stateOf(id: StackletId, { desired }: Scene): DesiredState | null {
  const listed = desired.stacklets.find((one) => one.id === id)
  return listed?.state ?? (desired.gone.includes(id) ? 'absent' : null)
}

/** What is in no line and has left nothing on this host needs no line to be gone. */
function isHere(id: StackletId, scene: Scene): boolean {
  return stateOf(id, scene) !== null || [...scene.remembered, ...scene.running].includes(id)
}

function requiresOf(id: StackletId, { desired, everyone }: Scene): readonly StackletId[] {
  return [...desired.stacklets, ...everyone].find((one) => one.id === id)?.requires ?? []
}

/** Others in one of these states that require one of these directly. */
function whoRequires(
  ids: readonly StackletId[],
  states: readonly DesiredState[],
  { desired }: Scene,
): readonly StackletId[] {
  const others = desired.stacklets.filter((one) => states.includes(one.state) && !ids.includes(one.id))
  return others.filter((one) => one.requires.some((id) => ids.includes(id))).map((one) => one.id)
}

function needsStopped(named: readonly StackletId[], stopped: readonly StackletId[], scene: Scene): StackError {
  const words = stopped.map((id) => `${id}, which is declared ${stateOf(id, scene)}`).join(', and ')
  return refusal(
    `${named.join(', ')} ${named.length === 1 ? 'requires' : 'require'} ${words}`,
    `start it too: stack up ${[...stopped, ...named].join(' ')}`,
  )
}

function isNeeded(
  participle: string,
  command: string,
  named: readonly StackletId[],
  dependents: readonly StackletId[],
  scene: Scene,
): StackError {
  const required = named.filter((id) => dependents.some((other) => requiresOf(other, scene).includes(id)))
  const everybody = [...new Set([...withTheirDependents(dependents, scene), ...named])]
  return refusal(
    `${required.join(', ')} cannot be ${participle}: ${dependents.join(', ')} ${dependents.length === 1 ? 'requires' : 'require'} it`,
    `name them too: ${command} ${everybody.join(' ')}`,
  )
}

function withTheirDependents(ids: readonly StackletId[], scene: Scene): readonly StackletId[] {
  const dependents = (id: StackletId) => whoRequires([id], ['running', 'paused'], scene)
  return [...new Set([...reachableFrom(ids, dependents), ...ids])].sort()
}

function isAlwaysOn({ id, stacklet }: DesiredStacklet): StackError {
  return refusal(
    `${id} is always_on and cannot be destroyed`,
    `stop it with stack down ${id}, or take always_on out of ${stacklet.path}/stacklet.toml and commit`,
  )
}

function doesNotRun(id: StackletId, state: DesiredState | null, verb: string): StackError {
  const what = state === null ? 'is not declared' : `is declared ${state}`
  return refusal(`${id} ${what}: there is nothing to ${verb}`, `start it: stack up ${id}`)
}

function refusal(message: string, hint: string): StackError {
  return new StackError('STACK_REFUSED', message, { hint, terminal: true })
}
