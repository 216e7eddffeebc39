import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { uniqueName } from '../engine/ports.ts'
import { testEngine } from '../engine/test-engine.ts'
import { allOf, mustSee, runningOf } from './support/containers.ts'
import { documents } from './support/documents.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { commitAndRun, stepsOf } from './support/runs.ts'
import {
  changedHost,
  convergedHost,
  execute,
  expectRefused,
  file,
  greeting,
  planted,
  seal,
  secretly,
} from './support/sealed.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

const desired = 'desired/desired.toml'

describe('a sealed plan', () => {
  it('is the plan that was shown, and its execution does each of its steps, once', async () => {
    const { host, id } = await changedHost()
    const shown = await host.stack('plan', '--json', '--ref', 'HEAD')

    const sealed = await host.stack('plan', '--json', '--out', file)
    const run = await execute(host)
    const journal = await host.stack('plan', '--ref', 'HEAD')

    expect([sealed.code, run.code, journal.code], run.stdout + run.stderr).toEqual([2, 0, 0])
    expect(sealed.json).toEqual(shown.json)
    expect(stepsOf(run)).toEqual(stepsOf(sealed))
    expect(documents.reconcile.parse(run.json)).toMatchObject({ outcome: 'converged', rounds: 1 })
    expect((await mustSee(host.docker, `stack-${id}`)).env['GREETING']).toBe('new')
  })

  it('is executed once: a second time it is stale', async () => {
    const { host } = await changedHost()
    await seal(host)
    await execute(host)

    const again = await host.stack('up', '--plan', file)
    expect(again).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^error: stale: /) })
  })

  it('is for its owner alone, and holds no secret', async () => {
    const { host, id } = await changedHost()
    await seal(host)
    const text = await host.read(file)
    const secrets = await host.read('.stack/secrets.toml')
    const generated = new RegExp(`${id}__KEY = "(\\w+)"`).exec(secrets)?.[1] ?? 'none'

    expect(((await stat(join(host.folder, file))).mode & 0o777).toString(8)).toBe('600')
    expect(text).toContain('env KEY')
    expect(generated).toHaveLength(32)
    for (const value of [planted, generated]) expect(text).not.toContain(value)
  })

  it('of nothing to do does nothing, and that is well', async () => {
    const { host } = await convergedHost()
    const before = await allOf(host)

    const sealed = await host.stack('plan', '--out', file)
    const run = await execute(host)

    expect([sealed.code, run.code], run.stdout + run.stderr).toEqual([0, 0])
    expect(sealed.stdout).toContain('Nothing to do')
    expect(run.json).toMatchObject({ outcome: 'converged', rounds: 0, steps: [] })
    expect(await allOf(host)).toEqual(before)
  })

  it('of a new instance starts everything', async () => {
    const id = uniqueName('web')
    const host = await makeInstance({ ...webStacklet({ id, manifest: secretly }), ...desiredRunning(id) })
    await host.commit()
    await seal(host)

    const run = await execute(host)

    expect(run.code, run.stdout + run.stderr).toBe(0)
    expect(run.json).toMatchObject({ outcome: 'converged', rounds: 1 })
    expect(await runningOf(host)).toEqual([`stack-${id}`])
    expect((await host.stack('plan')).code).toBe(0)
  })

  it('of one stacklet leaves the others as they are', async () => {
    const { host, id, other } = await changedHost()
    await host.docker(['stop', `stack-${other}`])
    await seal(host, id)

    const run = await execute(host)

    expect(run.code, run.stdout + run.stderr).toBe(0)
    expect(await runningOf(host)).toEqual([`stack-${id}`])
    expect((await host.stack('status', '--json')).json.condition).toMatchObject({ ready: false })
  })

  it('of another commit waits until that commit is checked out', async () => {
    const { host, id } = await convergedHost()
    await host.git('checkout', '--quiet', '-b', 'next')
    await host.write(desired, greeting(id, 'next'))
    await host.commit('next')
    await host.git('checkout', '--quiet', 'main')
    await seal(host, '--ref', 'next')

    await expectRefused(host, 'STACK_STALE', 'stale: the commit (')
    await host.git('merge', '--quiet', '--ff-only', 'next')
    const run = await execute(host)

    expect(run.code, run.stdout + run.stderr).toBe(0)
    expect((await mustSee(host.docker, `stack-${id}`)).env['GREETING']).toBe('next')
  })
})

describe('to execute a sealed plan is to agree to what it lists', () => {
  it("replaces a stranger's container under our name", async () => {
    const { images, docker } = testEngine()
    const id = uniqueName('web')
    await docker(['run', '--detach', '--name', `stack-${id}`, images.web])
    onTestFinished(() => docker(['rm', '--force', `stack-${id}`]).then(() => {}))
    const stranger = await mustSee(docker, `stack-${id}`)
    const host = await makeInstance({ ...webStacklet({ id }), ...desiredRunning(id) })
    await host.commit()

    const sealed = await seal(host)
    const run = await execute(host)

    expect(sealed.stdout).toMatch(/remove-foreign .* destroys what git cannot bring back/)
    expect(run.code, run.stdout + run.stderr).toBe(0)
    expect((await mustSee(docker, `stack-${id}`)).id).not.toBe(stranger.id)
    expect(await runningOf(host)).toEqual([`stack-${id}`])
  })

  it('makes a volume anew, which --yes alone does not', async () => {
    const { id, host } = await hostWithVolume('one')
    await commitAndRun(host)
    await host.write(...volumeIn('two', id, host))
    await host.commit()
    const withYes = await host.stack('reconcile', '--yes')

    const sealed = await seal(host)
    const run = await execute(host)

    expect(withYes.code).toBe(2)
    expect(sealed.stdout).toContain('replace-volume')
    expect(run.code, run.stdout + run.stderr).toBe(0)
    expect(await host.docker(['volume', 'inspect', `stack-${id}_kept`])).toContain(`${host.folder}/data/two`)
    expect((await host.stack('plan')).code).toBe(0)
  })

  it('and never to an emptied file: what would leave stays held, and is not in it', async () => {
    const { host } = await convergedHost()
    const before = await allOf(host)
    await host.write(desired, '')
    await host.commit()

    const sealed = await host.stack('plan', '--json', '--out', file)
    const run = await execute(host)

    expect(sealed.json.steps).toEqual([])
    expect([sealed.code, run.code]).toEqual([0, 2])
    expect(run.json).toMatchObject({ outcome: 'held', steps: [] })
    expect(await allOf(host)).toEqual(before)
  })
})

describe('a plan is not sealed', () => {
  it('of edits that are not committed, unless a commit is named', async () => {
    const { host, id } = await convergedHost()
    await host.write(desired, greeting(id, 'later'))

    const refused = await host.stack('plan', '--json', '--out', file)
    const named = await host.stack('plan', '--json', '--ref', 'HEAD', '--out', file)

    expect(refused).toMatchObject({ code: 1, json: { error: { code: 'STACK_NOT_COMMITTED' } } })
    expect(refused.json.error.hint).toContain('--ref HEAD')
    expect(named.code, named.stdout + named.stderr).toBe(0)
  })

  it('into a folder that is not there', async () => {
    const { host } = await convergedHost()

    const answer = await host.stack('plan', '--json', '--out', 'nowhere/plan.json')

    expect(answer).toMatchObject({ code: 1, json: { error: { code: 'STACK_FILES_FAILED' } } })
  })

  it('with a file that is half there: what it held before stays until it is whole', async () => {
    const { host } = await changedHost()
    await host.write(file, 'before')
    await host.write('stack.toml', 'broken')
    await host.commit()

    expect((await host.stack('plan', '--out', file)).code).toBe(1)
    expect(await host.read(file)).toBe('before')
  })
})

/** Its volume is a folder of its own, called like this. */
async function hostWithVolume(folder: string): Promise<{ readonly host: Instance; readonly id: string }> {
  const id = uniqueName('web')
  // Clean-ups run last first: the volume goes when its container is gone.
  onTestFinished(() =>
    testEngine()
      .docker(['volume', 'rm', '--force', `stack-${id}_kept`])
      .then(() => {}),
  )
  const host = await makeInstance({ ...webStacklet({ id }), ...desiredRunning(id) })
  for (const name of ['one', 'two']) await host.write(`data/${name}/kept.txt`, name)
  await host.write(...volumeIn(folder, id, host))
  return { host, id }
}

function volumeIn(folder: string, id: string, host: Instance): readonly [string, string] {
  const options = `{ type: none, o: bind, device: ${host.folder}/data/${folder} }`
  const service = `    volumes: [kept:/kept]\nvolumes:\n  kept:\n    driver_opts: ${options}\n`
  const path = `stacklets/${id}/docker-compose.yml`
  return [path, webStacklet({ id, service })[path] ?? '']
}
