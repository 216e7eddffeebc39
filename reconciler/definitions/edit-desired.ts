import type { DesiredState } from '../model/desired.ts'
import type { Problem } from '../model/problem.ts'
import { placeEdit } from './place-edit.ts'
import { isTable, readTomlSource, type TomlSource } from './toml-source.ts'

export type EditedDesired = { readonly text: string } | { readonly problem: Problem }

/**
 * Declares a state for each of these ids in the text of desired.toml, null for a file that is not there. Every comment, blank
 * line and other value stays where it is, byte for byte. A text that cannot be read, or in which an id is no table, is refused.
 */
export function editDesired(
  text: string | null,
  states: ReadonlyMap<string, DesiredState>,
  file: string,
): EditedDesired {
  let edited = text ?? ''
  for (const [id, state] of states) {
    const answer = declareState(edited, id, state, file)
    if ('problem' in answer) return answer
    edited = answer.text
  }
  return { text: edited }
}

function declareState(text: string, id: string, state: DesiredState, file: string): EditedDesired {
  const { source, problems } = readTomlSource(text, file)
  const problem = problems[0]
  if (problem !== undefined) return { problem }
  const path = [sectionOf(id, source), id, 'state'] as const
  if (stateIn(source.value, path) === state) return { text }

  const { from, to, insert } = placeEdit(source.text, path, state)
  const edited = text.slice(0, text.length - source.text.length) + splice(source.text, from, to, insert)
  return says(edited, path, state) ? { text: edited } : { problem: unplaceable(file, id, state) }
}

/** Stacks, apps and stacklets share one name space; what is in none of them is a stacklet. */
function sectionOf(id: string, { value }: TomlSource): string {
  return ['stacks', 'apps'].find((section) => valueAt(value, [section, id]) !== undefined) ?? 'stacklets'
}

/** A table without a state is declared running. */
function stateIn(value: unknown, [section, id]: readonly [string, string, string]): unknown {
  const table = valueAt(value, [section, id])
  return isTable(table) ? (valueAt(table, ['state']) ?? 'running') : undefined
}

function valueAt(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value
  return isTable(value) && Object.hasOwn(value, key) ? valueAt(value[key], rest) : undefined
}

function splice(text: string, from: number, to: number, insert: string): string {
  return text.slice(0, from) + insert + text.slice(to)
}

/** The edit is trusted only when the parser reads it back. */
function says(text: string, path: readonly [string, string, string], state: DesiredState): boolean {
  const { source, problems } = readTomlSource(text, '')
  return problems.length === 0 && stateIn(source.value, path) === state
}

function unplaceable(file: string, id: string, state: DesiredState): Problem {
  return {
    level: 'error',
    code: 'value',
    message: `${file} says ${id} in a way that cannot be edited`,
    hint: `write [stacklets.${id}] with state = "${state}" into it by hand, and commit`,
    at: { file, line: 0, column: 0 },
    about: null,
  }
}
