import { describe, expect, it } from 'vitest'
import { uniqueName } from '../engine/ports.ts'
import { mustSee, runningOf } from './support/containers.ts'
import { desiredFile, given, pair } from './support/declared.ts'
import { webStacklet } from './support/stacklets.ts'

describe('stack down', () => {
  it('declares a stacklet stopped, and every comment stays', async () => {
    const { base, top } = pair()
    const text = `# top of the file   \n\n[stacklets.${base}] # the base\n\n\n[stacklets.${top}]\n  # why\nrequires = []   # none more\n`
    const host = await given([webStacklet({ id: base }), webStacklet({ id: top, requires: [base] })], text)
    await host.stack('up')

    const refused = await host.stack('down', base, '--json')
    const down = await host.stack('down', top)

    expect(refused).toMatchObject({ code: 1, json: { error: { code: 'STACK_REFUSED' } } })
    expect(refused.json.error.hint).toContain(`stack down ${top} ${base}`)
    expect(down, down.stderr).toMatchObject({ code: 0 })
    expect(down.stdout).toContain(`${top} is stopped.`)
    expect(await host.read(desiredFile)).toBe(text.replace('  # why', 'state = "stopped"\n  # why'))
    expect(await runningOf(host)).toEqual([`stack-${base}`])
    expect(await mustSee(host.docker, `stack-${top}`)).toMatchObject({ state: 'exited' })
  })

  it('all stops everything, dependents first, and what has been stopped comes up again', async () => {
    const { base, top } = pair()
    const host = await given([webStacklet({ id: base }), webStacklet({ id: top, requires: [base] })])
    await host.stack('up', top)

    const down = await host.stack('down', 'all', '--json')
    const idle = await host.stack('down', 'all')
    const refused = await host.stack('up', top)
    const up = await host.stack('up', base, top)

    expect(down.json.steps.map((step: { id: string }) => step.id)).toEqual([`stop ${top}`, `stop ${base}`])
    expect(idle).toMatchObject({ code: 0, stdout: 'Nothing was running.\n' })
    expect(refused).toMatchObject({ code: 1 })
    expect(refused.stderr).toContain(`stack up ${base} ${top}`)
    expect(up, up.stderr).toMatchObject({ code: 0 })
    expect(await runningOf(host)).toEqual([`stack-${base}`, `stack-${top}`])
  })
})

describe('stack pause', () => {
  it('freezes what runs, and unpause lets it go on in the same container', async () => {
    const id = uniqueName('web')
    const host = await given([webStacklet({ id })])
    await host.stack('up', id)
    const before = await mustSee(host.docker, `stack-${id}`)

    const paused = await host.stack('pause', id)
    const frozen = await mustSee(host.docker, `stack-${id}`)
    const refused = await host.stack('restart', id)
    const unpaused = await host.stack('unpause', id, '--json')
    const after = await mustSee(host.docker, `stack-${id}`)

    expect(paused, paused.stderr).toMatchObject({ code: 0 })
    expect(frozen).toMatchObject({ id: before.id, state: 'paused' })
    expect(refused).toMatchObject({ code: 1 })
    expect(unpaused.json).toMatchObject({ outcome: 'converged' })
    expect(after).toMatchObject({ id: before.id, state: 'running', startedAt: before.startedAt })
  })

  it('refuses what does not run', async () => {
    const id = uniqueName('web')
    const host = await given([webStacklet({ id })])

    expect((await host.stack('pause', id, '--json')).json.error.code).toBe('STACK_REFUSED')
  })
})

describe('stack restart', () => {
  it('stops and starts the same containers, and commits nothing', async () => {
    const { base, top } = pair()
    const host = await given([webStacklet({ id: base }), webStacklet({ id: top, requires: [base] })])
    await host.stack('up', top)
    const before = [await mustSee(host.docker, `stack-${base}`), await mustSee(host.docker, `stack-${top}`)]
    const head = await host.git('rev-parse', 'HEAD')

    const restarted = await host.stack('restart', base, top, '--json')

    const after = [await mustSee(host.docker, `stack-${base}`), await mustSee(host.docker, `stack-${top}`)]
    expect(restarted, restarted.stderr).toMatchObject({ code: 0 })
    expect(restarted.json.steps.slice(0, 2)).toMatchObject([{ id: `stop ${top}` }, { id: `stop ${base}` }])
    expect(after.map((one) => one.id)).toEqual(before.map((one) => one.id))
    for (const [index, one] of after.entries()) expect(one.startedAt).not.toBe(before[index]?.startedAt)
    expect(await host.git('rev-parse', 'HEAD')).toBe(head)
  })

  it('brings back what had crashed', async () => {
    const id = uniqueName('web')
    const host = await given([webStacklet({ id })])
    await host.stack('up', id)
    await host.docker(['stop', `stack-${id}`])

    const restarted = await host.stack('restart', id)

    expect(restarted, restarted.stderr).toMatchObject({ code: 0 })
    expect(await runningOf(host)).toEqual([`stack-${id}`])
  })
})

describe('stack setup', () => {
  const hook = (id: string, text: string) => ({
    [`stacklets/${id}/hooks/on_install_success.sh`]: `#!/bin/sh\n${text}\n`,
  })

  it('runs on_install_success once more, and says so where there is none', async () => {
    const [id, plain] = [uniqueName('web'), uniqueName('plain')]
    const host = await given([
      { ...webStacklet({ id }), ...hook(id, 'mkdir -p "$STACK_DATA_DIR" && echo ran >> "$STACK_DATA_DIR/setups"') },
      webStacklet({ id: plain }),
    ])
    await host.stack('up', id, plain)

    const again = await host.stack('setup', id)
    const none = await host.stack('setup', plain)

    expect(again, again.stderr).toMatchObject({ code: 0 })
    expect(await host.read('data/setups')).toBe('ran\nran\n')
    expect(none).toMatchObject({ code: 1 })
    expect(none.stderr).toContain('no on_install_success')
  })
})
