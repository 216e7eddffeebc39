import { expect } from 'vitest'
import { freePort, uniqueName } from '../../engine/ports.ts'
import { expectNoTrace } from './failure.ts'
import { type Answer, type Instance, type InstanceOptions, makeInstance } from './instance.ts'
import { desiredRunning, webStacklet } from './stacklets.ts'

/** Something wrong that a user wrote, and what is to be said about it. */
export interface BadInput {
  /** In the list of tests. */
  readonly name: string
  /** Files to write, by path; `ID` in a path or text is the running stacklet's id. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  /** Whatever else makes it bad. */
  readonly spoil?: (host: Instance, id: string) => Promise<void>
  /** `desired/desired.toml:2:9`, exactly. */
  readonly at: string
  readonly message: RegExp
  /** Words of what to do. */
  readonly hint: RegExp
  /** Whether only the stacklet stalls, or the whole run, or only `validate` minds. */
  readonly stalls: 'run' | 'stacklet' | 'nothing'
}

/** A host on which one stacklet runs, with a password and data, and nothing is left to do. */
export interface RunningHost {
  readonly host: Instance
  readonly id: string
  readonly base: string
}

export async function runningHost(options: InstanceOptions): Promise<RunningHost> {
  const id = uniqueName('web')
  const manifest = '\n[env]\ngenerate = ["PASSWORD"]\n'
  const files = { ...webStacklet({ id, port: await freePort(), manifest }), ...desiredRunning(id) }
  const host = await makeInstance({ ...files, 'users.toml': '' }, options)
  await host.write(`data/${id}/precious`, 'data')
  const base = await host.commit('first')
  const run = await host.stack('reconcile')
  expect(run.code, run.stderr).toBe(0)
  return { host, id, base }
}

/** Makes the input, asks every command about it, and puts everything back. */
export async function isToldAndHarmless({ host, id, base }: RunningHost, bad: BadInput): Promise<void> {
  const before = await whatMustStay({ host, id, base })
  try {
    await spoil(host, id, bad)
    const [validate, plan] = await Promise.all([host.stack('validate', '--json'), host.stack('plan', '--json')])
    await host.commit('bad')
    const run = await host.stack('reconcile')

    expectValidate(validate, withId(bad, id))
    expectPlan(plan, withId(bad, id))
    expectRun(run, withId(bad, id))
    for (const answer of [validate, plan, run]) expectNoTrace(answer)
    expect(await whatMustStay({ host, id, base })).toEqual(before)
  } finally {
    await host.git('reset', '--quiet', '--hard', base)
    await host.git('clean', '-fdq')
  }
}

async function spoil(host: Instance, id: string, bad: BadInput): Promise<void> {
  for (const [path, text] of Object.entries(bad.files ?? {})) {
    await host.write(path.replaceAll('ID', id), typeof text === 'string' ? text.replaceAll('ID', id) : text)
  }
  await bad.spoil?.(host, id)
}

function withId(bad: BadInput, id: string): BadInput {
  return { ...bad, at: bad.at.replaceAll('ID', id) }
}

function expectValidate(answer: Answer, { at, message, hint }: BadInput): void {
  expect(answer, answer.stdout + answer.stderr).toMatchObject({ code: 1, json: { version: 1, ok: false } })
  const errors = answer.json.problems.filter((problem: { level: string }) => problem.level === 'error')
  const told = errors.filter((problem: { at: string }) => problem.at === at)
  expect(told, answer.stdout).toHaveLength(1)
  expect(told[0], answer.stdout).toEqual({
    level: 'error',
    code: expect.stringMatching(/^[a-z-]+$/),
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
    at,
  })
}

function expectPlan(plan: Answer, { at, message, stalls }: BadInput): void {
  expect(plan.code, plan.stdout + plan.stderr).toBe(stalls === 'nothing' ? 0 : 1)
  if (stalls === 'run') {
    expect(plan.json.error).toMatchObject({ code: 'STACK_INVALID', at, message: expect.stringMatching(message) })
  } else {
    expect(plan.json.steps).toEqual([])
    const stalled = plan.json.notes.filter((note: { kind: string }) => note.kind === 'stalled')
    expect(stalled.map((note: { message: string }) => note.message)).toEqual(
      stalls === 'nothing' ? [] : [expect.stringContaining(at)],
    )
  }
}

function expectRun(run: Answer, { at, message, stalls }: BadInput): void {
  expect(run.code, run.stdout + run.stderr).toBe(stalls === 'nothing' ? 0 : 1)
  if (stalls === 'nothing') return
  expect(run.stdout + run.stderr).toContain(at)
  expect(run.stdout + run.stderr).toMatch(message)
}

/** What no mistake may touch. */
async function whatMustStay({ host, id }: RunningHost) {
  return {
    containers: await host.docker([
      'ps',
      '--all',
      '--no-trunc',
      '--filter',
      `name=${id}`,
      '--format',
      '{{.ID}} {{.State}}',
    ]),
    secrets: await host.read('.stack/secrets.toml'),
    env: await host.read(`stacklets/${id}/.env`),
    data: await host.read(`data/${id}/precious`),
  }
}
