import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freePort } from '../engine/ports.ts'
import {
  bytesIn,
  containerState,
  everyHook,
  hookedInstance,
  hookedStacklet,
  hooksOnly,
  images,
  leftRunning,
  logged,
  note,
  uniqueId,
} from './fixtures/hooked.ts'
import { seen } from './support/containers.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

it('runs every hook at its moment, as often as it should, what is required first', async () => {
  const [base, top] = [uniqueId('base'), uniqueId('top')]
  const manifest = '\n[env]\ngenerate = ["TOKEN"]\n'
  const hooksOf = (id: string) =>
    Object.fromEntries(
      Object.keys(everyHook()).map((name) => [
        name,
        `state=${containerState(id)}\n${note(`${name} \${state:--} \${#TOKEN}`)}`,
      ]),
    )
  const host = await hookedInstance({
    ...hookedStacklet({ id: base, hooks: hooksOf(base), manifest }),
    ...hookedStacklet({ id: top, hooks: hooksOf(top), manifest, requires: [base] }),
    ...desiredRunning(base, top),
  })
  const declare = async (state: string) => {
    await host.write(
      'desired/desired.toml',
      [base, top].map((id) => `[stacklets.${id}]\nstate = "${state}"\n`).join(''),
    )
    await host.commit(state)
    const run = await host.stack('reconcile')
    expect(run.code, run.stdout + run.stderr).toBe(0)
    return logged(host)
  }
  const first = (id: string) => [
    `${id} on_configure.sh - 32`,
    `${id} on_install.sh - 32`,
    `${id} on_start.sh - 32`,
    `${id} on_install_success.sh running 32`,
    `${id} on_start_ready.sh running 32`,
  ]
  const again = (id: string, before: string) => [`${id} on_start.sh ${before} 32`, `${id} on_start_ready.sh running 32`]

  expect(trimmed(await declare('running'))).toEqual([...first(base), ...first(top)])
  expect(await declare('running'), 'nothing to do').toEqual([])

  await host.docker(['rm', '--force', `stack-${top}`])
  expect(trimmed(await declare('running')), 'a removed container').toEqual(again(top, '-'))

  await host.write(
    `stacklets/${base}/docker-compose.yml`,
    `${await host.read(`stacklets/${base}/docker-compose.yml`)}# edited\n`,
  )
  expect(trimmed(await declare('stopped'))).toEqual([`${top} on_stop.sh running 32`, `${base} on_stop.sh running 32`])
  expect(await declare('stopped'), 'stopped already').toEqual([])

  expect(trimmed(await declare('running'))).toEqual([...again(base, 'exited'), ...again(top, 'exited')])
  expect(trimmed(await declare('absent'))).toEqual([
    `${top} on_stop.sh running 32`,
    `${top} on_destroy.sh running 32`,
    `${base} on_stop.sh running 32`,
    `${base} on_destroy.sh running 32`,
  ])
  expect(await seen(host.docker, `stack-${base}`)).toBe(null)
  expect(trimmed(await declare('running')), 'a life of its own').toEqual([...first(base), ...first(top)])
})

it('runs none where no main container starts: a silent run, and the heal of a side container', async () => {
  const id = uniqueId('main')
  const port = await freePort()
  const side = `  stack-${id}-side:\n    container_name: stack-${id}-side\n    image: ${images.web}\n    networks: [stack]\n`
  const host = await hookedInstance({
    ...hookedStacklet({ id, port, service: side, hooks: everyHook() }),
    ...desiredRunning(id),
  })
  await host.commit()
  await host.stack('reconcile')
  await logged(host)

  await host.docker(['rm', '--force', `stack-${id}-side`])
  const heal = await host.stack('reconcile', '--json')
  const silent = await host.stack('reconcile', '--json')

  expect(heal.json, heal.stderr).toMatchObject({ outcome: 'converged' })
  expect(await seen(host.docker, `stack-${id}-side`)).toMatchObject({ state: 'running' })
  expect(silent.json).toMatchObject({ outcome: 'converged', steps: [] })
  expect(await logged(host)).toEqual([])
})

it('resumes a first run at the hook that failed, and repeats none that ended well', async () => {
  const id = uniqueId('stumble')
  const failing = (event: string) =>
    `test -e "$STACK_INSTANCE/data/${event}-may" || { echo "${event}: HTTP Error 400: it already exists" >&2; exit 3; }`
  const host = await hookedInstance({
    ...hookedStacklet({ id, hooks: everyHook(failing) }),
    ...desiredRunning(id),
  })
  await host.commit()
  const runs: Record<string, readonly string[]> = {}
  const firstRun = ['on_configure', 'on_install', 'on_start', 'on_install_success', 'on_start_ready']

  for (const event of firstRun) {
    const run = await host.stack('reconcile', '--json')
    const steps = run.json.steps as readonly StepReport[]
    const failed = steps.filter((step) => step.result === 'failed')
    const skipped = steps.filter((step) => step.result === 'skipped')
    const isWaiting = event === 'on_configure'

    expect(run.code, run.stdout).toBe(isWaiting ? 0 : 1)
    expect(run.json.outcome).toBe(isWaiting ? 'waiting' : 'failed')
    expect(failed.map((step) => step.id)).toEqual([`run-hook ${id} ${event}`])
    expect(failed[0]?.error).toMatchObject({
      code: 'STACK_HOOK_FAILED',
      message: `${event} of ${id} failed: ${event}: HTTP Error 400: it already exists (exit 3)`,
      hint: isWaiting ? expect.stringContaining(`stack up ${id}`) : expect.stringContaining(`hooks/${event}.sh`),
      output: [`${event}: HTTP Error 400: it already exists`],
    })
    expect(skipped.map((step) => step.waitedFor)).toEqual(skipped.map(() => failed[0]?.id))
    expect(skipped.some((step) => step.kind === 'finish-setup')).toBe(event !== 'on_start_ready')
    expect(await seen(host.docker, `stack-${id}`)).toEqual(
      ['on_install_success', 'on_start_ready'].includes(event) ? expect.objectContaining({ state: 'running' }) : null,
    )
    await host.write(`data/${event}-may`, '')
    runs[event] = await logged(host)
  }
  const last = await host.stack('reconcile', '--json')
  const silent = await host.stack('reconcile', '--json')

  const lines = (...events: string[]) => events.map((event) => `${id} ${event}`)
  expect(runs).toEqual({
    on_configure: lines('on_configure'),
    on_install: lines('on_configure', 'on_install'),
    on_start: lines('on_install', 'on_start'),
    on_install_success: lines('on_start', 'on_install_success'),
    on_start_ready: lines('on_install_success', 'on_start_ready'),
  })
  expect(last.json, last.stdout).toMatchObject({ outcome: 'converged' })
  expect(silent.json.steps).toEqual([])
  expect(await logged(host)).toEqual(lines('on_start_ready'))
})

it('tells a person without a terminal which command lets on_configure ask', async () => {
  const [asking, other] = [uniqueId('asking'), uniqueId('other')]
  const ask =
    'import sys\n\ndef run(ctx):\n    if ctx.cfg("name"):\n        return\n    ctx.cfg("name", input("Your name: "))\n'
  const host = await hookedInstance({
    ...hookedStacklet({ id: asking, hooks: { 'on_configure.py': ask } }),
    ...webStacklet({ id: other }),
    ...desiredRunning(asking, other),
  })
  await host.commit()

  const run = await host.stack('reconcile')
  const asJson = await host.stack('reconcile', '--json')

  expect(run.code, run.stderr).toBe(0)
  expect(run.stdout).toMatch(/^! waiting: .*has to be configured by a person/m)
  expect(run.stdout).toContain(`stack up ${asking}`)
  expect(run.stdout + run.stderr).toContain('there is nobody to answer')
  expect(asJson.json).toMatchObject({ outcome: 'waiting', error: null })
  expect(await seen(host.docker, `stack-${other}`), 'the others go on').toMatchObject({ state: 'running' })
  expect(await seen(host.docker, `stack-${asking}`)).toBe(null)

  await host.write('stack.toml', `${await host.read('stack.toml')}\n[${asking}]\nname = "Ada"\n`)
  await host.commit('answered in git')
  const answered = await host.stack('reconcile')

  expect(answered.code, answered.stderr).toBe(0)
  expect(await seen(host.docker, `stack-${asking}`)).toMatchObject({ state: 'running' })
})

it('does not run a once-only hook again when it is edited', async () => {
  const id = uniqueId('edited')
  const host = await hookedInstance({ ...hookedStacklet({ id, hooks: everyHook() }), ...desiredRunning(id) })
  await host.commit()
  await host.stack('reconcile')
  const before = await seen(host.docker, `stack-${id}`)
  await logged(host)

  for (const event of ['on_configure', 'on_install', 'on_install_success'])
    await host.write(`stacklets/${id}/hooks/${event}.sh`, note(`${event} edited`))
  await host.commit('edit the once-only hooks')
  const plan = await host.stack('plan', '--json')
  const run = await host.stack('reconcile', '--json')

  expect(plan.json.steps).toMatchObject([{ kind: 'await-health', because: 'not confirmed' }])
  expect(plan.json.notes).toMatchObject(
    ['on_configure', 'on_install', 'on_install_success'].map((event) => ({
      kind: 'warning',
      message: expect.stringContaining(`${event} of ${id} was edited and does not run again`),
    })),
  )
  expect(run.json, run.stderr).toMatchObject({ outcome: 'converged' })
  expect(await logged(host)).toEqual([])
  expect(await seen(host.docker, `stack-${id}`)).toEqual(before)
})

interface Bad {
  readonly name: string
  readonly hook: string
  readonly code: 'STACK_HOOK_FAILED' | 'STACK_TIMED_OUT'
  readonly message: RegExp
  readonly output?: RegExp
}

it('ends a bad hook with a clear error within its time, leaves nothing running, and goes on with the others', async () => {
  const badHooks: readonly Bad[] = [
    ['hangs', 'echo waiting for the bus\nsleep 4000', late, /waiting for the bus/],
    ['forks', 'setsid sleep 4000 &\n(sleep 4000 &)\necho forked\nsleep 4000', late, /forked/],
    ['forks-and-fails', 'setsid sh -c "sleep 4000" &\nsleep 4000 &\necho no luck >&2\nexit 5', /no luck \(exit 5\)/],
    [
      'is-deaf',
      'trap "" TERM\nsetsid bash -c \'trap "" TERM; while :; do sleep 0.1; done\' &\nwhile :; do sleep 0.1; done',
      late,
    ],
    ['is-killed', 'echo so far\nkill -SEGV $$', /was ended by SIGSEGV/, /so far/],
    ['kills-its-child', "bash -c 'kill -KILL $$'", /exit 137, SIGKILL/],
    [
      'asks',
      'echo "your name?"\nread -r name || { echo "nobody answers" >&2; exit 4; }',
      /nobody answers \(exit 4\)/,
      /your name/,
    ],
    [
      'prints',
      'head -c 100000000 /dev/zero | tr "\\0" x | fold -w 99\necho at last >&2\nexit 7',
      /at last|longer than/,
    ],
    ['writes-outside', 'echo mine > /proc/version', /Permission denied|Operation not permitted|Input\/output error/],
    ['is-silent', 'exit 9', /exit 9, without a word/],
  ].map(
    ([name, hook, message, output]) =>
      ({ name, hook, message, output, code: message === late ? 'STACK_TIMED_OUT' : 'STACK_HOOK_FAILED' }) as Bad,
  )
  const ids = badHooks.map((bad) => uniqueId(bad.name))
  const good = uniqueId('good')
  const host = await hookedInstance({
    ...Object.assign({}, ...badHooks.map((bad, index) => hooksOnly(ids[index] ?? '', { 'on_install.sh': bad.hook }))),
    ...webStacklet({ id: good }),
    ...desiredRunning(...ids, good),
  })
  await host.write('stack.toml', `${await host.read('stack.toml')}\n[hooks]\ntimeout = "5s"\n`)
  await host.commit()

  const run = await host.stack('reconcile', '--json')

  const steps = run.json.steps as readonly StepReport[]
  const failed = badHooks.map((_, index) => steps.find((step) => step.id === `run-hook ${ids[index]} on_install`))
  expect(run.code).toBe(1)
  for (const [index, { code, message, output, name }] of badHooks.entries()) {
    const { result, error, ms } = failed[index] as StepReport
    expect(result, name).toBe('failed')
    if (name !== 'prints') expect(error?.code, name).toBe(code)
    expect(error?.message, name).toMatch(message)
    expect(error?.message, name).toContain(`on_install of ${ids[index]} `)
    expect(error?.output.join('\n'), name).toMatch(output ?? /^/)
    expect(ms, name).toBeLessThan(3 * 7000)
  }
  expect(await leftRunning(host)).toEqual([])
  expect(run.stderr.length + run.stdout.length).toBeLessThan(20_000_000)
  expect(await bytesIn(join(host.folder, '.stack'))).toBeLessThan(1_000_000)
  expect(await seen(host.docker, `stack-${good}`)).toMatchObject({ state: 'running' })
})

const late = /took longer than 5 s and was ended/

interface StepReport {
  readonly id: string
  readonly kind: string
  readonly result: string
  readonly ms: number
  readonly error: { readonly code: string; readonly message: string; readonly output: readonly string[] } | null
  readonly waitedFor: string | null
}

function trimmed(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.trim())
}
