import { findCycles } from '../lib/cycles.ts'
import type { DesiredState } from '../model/desired.ts'
import type { Problem, SourcePosition } from '../model/problem.ts'
import type { Mention } from './desired-document.ts'
import { suggest } from './explain.ts'

/** One declared stacklet and what it waits for, as far as their relations go. */
export interface Dependent {
  readonly id: string
  readonly at: SourcePosition
  readonly state: DesiredState
  /** The manifest's and desired.toml's. */
  readonly requires: readonly Mention[]
}

/** What is wrong between stacklets: something required that is not there, or does not run while it is needed, and circles. */
export function checkRequires(
  declared: readonly Dependent[],
  discovered: readonly string[],
  desiredFile: string,
): readonly Problem[] {
  const states = new Map(declared.map(({ id, state }) => [id, state]))
  const staying = declared.filter((dependent) => dependent.state !== 'absent')
  const unmet = staying.flatMap((dependent) =>
    dependent.requires.flatMap((required) => explainUnmet(dependent, required, { states, discovered, desiredFile })),
  )
  return [...unmet, ...explainCycles(staying)]
}

interface Surroundings {
  readonly states: ReadonlyMap<string, DesiredState>
  readonly discovered: readonly string[]
  readonly desiredFile: string
}

function explainUnmet(dependent: Dependent, required: Mention, around: Surroundings): readonly Problem[] {
  const state = around.states.get(required.id)
  const error = { level: 'error', at: required.at, about: null } as const
  if (state === undefined && !around.discovered.includes(required.id)) {
    const message = `${dependent.id} requires ${required.id}, which does not exist`
    const hint = suggest(required.id, around.discovered, `add stacklets/${required.id}/, or take the requirement out`)
    return [{ ...error, code: 'requires-missing', message, hint }]
  }
  if (dependent.state !== 'running' || state === 'running' || state === 'paused') return []
  if (state !== undefined) {
    const message = `${dependent.id} requires ${required.id}, which is declared ${state}`
    const hint = `run stack up ${required.id}, or stop ${dependent.id} too`
    return [{ ...error, code: 'requires-not-running', message, hint }]
  }
  const message = `${dependent.id} requires ${required.id}, which ${around.desiredFile} does not list`
  const hint = `run stack up ${required.id}, or add [stacklets.${required.id}] to ${around.desiredFile}`
  return [{ ...error, code: 'requires-missing', message, hint }]
}

function explainCycles(staying: readonly Dependent[]): readonly Problem[] {
  const next = new Map(staying.map((dependent) => [dependent.id, dependent.requires.map((required) => required.id)]))
  return findCycles(next).map((cycle) => ({
    level: 'error',
    code: 'cycle',
    message: `these wait for one another: ${cycle.join(' → ')}`,
    hint: 'take one of these requirements out',
    at: positionOf(cycle, staying),
    about: null,
  }))
}

function positionOf([from, to]: readonly string[], staying: readonly Dependent[]): SourcePosition | null {
  const dependent = staying.find((one) => one.id === from)
  return dependent?.requires.find((required) => required.id === to)?.at ?? dependent?.at ?? null
}
