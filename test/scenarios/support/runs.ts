import { expect } from 'vitest'
import type { Answer, Instance } from './instance.ts'

/** Commits what lies there and runs; the run must end with this exit code, by default well. */
export async function commitAndRun(host: Instance, code = 0, message = 'change'): Promise<Answer> {
  await host.commit(message)
  return runOnce(host, code)
}

/** Runs what is committed. Afterwards a run that went well has nothing left to do. */
export async function runOnce(host: Instance, code = 0, ...words: readonly string[]): Promise<Answer> {
  const run = await host.stack('reconcile', '--json', ...words)
  expect(run.code, run.stdout + run.stderr).toBe(code)
  if (code === 0) await expectIdle(host)
  return run
}

/** The plan of what is committed is empty. */
async function expectIdle(host: Instance): Promise<void> {
  const plan = await host.stack('plan', '--json', '--ref', 'HEAD')
  expect(plan.code, plan.stdout + plan.stderr).toBe(0)
  expect(plan.json.steps).toEqual([])
}

/** `start photos`, …: what a run did, in order. */
export function stepsOf(run: Answer): readonly string[] {
  return run.json.steps.map((step: { id: string }) => step.id)
}
