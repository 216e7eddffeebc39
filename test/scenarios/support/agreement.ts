import { expect } from 'vitest'
import { documents } from './documents.ts'
import type { Answer } from './instance.ts'

/** The exit code of a run by its outcome. */
export const exitOf: Readonly<Record<string, number>> = { converged: 0, waiting: 0, held: 2, failed: 1, stalled: 1 }

/** A plan's text, document and exit code say the same. */
export function expectPlan(text: Answer, { json, code }: Answer): void {
  if (json.error !== undefined) {
    expect(documents.errors.parse(json)).toBeTruthy()
    expect(text.stderr).toContain(json.error.hint)
    return
  }
  const { steps, notes, empty } = documents.plan.parse(json)
  const isStuck = notes.some(({ kind }) => kind === 'stalled' || kind === 'conflict')
  const pending = steps.length > 0 ? 2 : 0
  expect(code).toBe(isStuck ? 1 : pending)
  expect(empty).toBe(steps.length === 0)
  for (const { kind, because } of steps) expect(text.stdout).toMatch(new RegExp(`${kind}.* ${because}`))
  for (const { kind, message, hint } of notes) expect(text.stdout).toContain(`! ${kind}: ${message}\n    ${hint}`)
  expect(text.stdout).toContain(steps.length > 0 ? `: ${steps.length} step` : 'Nothing to do')
}

/** A run's document and exit code, and the text of the same run made again. */
export function expectRun(text: Answer, { json, code }: Answer): void {
  const { outcome, error, steps } = documents.reconcile.parse(json)
  expect(code).toBe(exitOf[outcome])
  expect(error === null).toBe(code !== 1)
  if (error !== null) expect(text.stdout + text.stderr).toContain(error.message)
  if (outcome !== 'converged') expect(text.stdout.toLowerCase()).toContain(`${outcome} at`)
  if (outcome === 'converged') expect(steps.every(({ result }) => result === 'done')).toBe(true)
}

export function expectStatus(text: Answer, { json }: Answer): void {
  const { condition, stacklets } = documents.status.parse(json)
  expect(text.stdout).toContain(condition.message)
  for (const { id, state, health } of stacklets) expect(text.stdout).toMatch(new RegExp(`${id} +${state} +${health} `))
}
