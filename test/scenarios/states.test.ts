import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freePort, uniqueName } from '../engine/ports.ts'
import { allOf, mustSee, runningOf, seen } from './support/containers.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { commitAndRun, stepsOf } from './support/runs.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

const desired = 'desired/desired.toml'

describe('a declared state', () => {
  it('running, stopped, running, absent: each is reached, keeps what it should, and stays', async () => {
    const id = uniqueName('web')
    const name = `stack-${id}`
    const port = await freePort()
    const host = await makeInstance({ ...webStacklet({ id, port, manifest: generating }), ...desiredRunning(id) })
    await host.write(`data/${id}/precious`, 'data')

    await commitAndRun(host)
    const first = await mustSee(host.docker, name)
    const secrets = await host.read('.stack/secrets.toml')
    expect(await page(port)).toBe('web 1\n')
    expect(filesOf(host, id)).toEqual({ env: true, marker: true, document: true, ledger: true, data: true })

    await declare(host, id, 'stopped')
    const stopped = await mustSee(host.docker, name)
    expect(stopped).toMatchObject({ id: first.id, state: 'exited' })
    expect(filesOf(host, id)).toMatchObject({ env: true, marker: true, data: true })

    await declare(host, id, 'running')
    const again = await mustSee(host.docker, name)
    expect(again).toMatchObject({ id: first.id, state: 'running' })
    expect(again.startedAt).not.toBe(first.startedAt)
    expect(await page(port)).toBe('web 1\n')

    await declare(host, id, 'absent')
    expect(await seen(host.docker, name)).toBeNull()
    expect(filesOf(host, id)).toEqual({ env: false, marker: false, document: false, ledger: false, data: false })
    expect(trashed(host, id)).toEqual(['data'])
    expect(await host.read('.stack/secrets.toml')).toBe(secrets)

    await declare(host, id, 'running')
    expect(await host.read('.stack/secrets.toml')).toBe(secrets)
    expect((await mustSee(host.docker, name)).id).not.toBe(first.id)
  })

  it('paused: the same containers stand still, and go on when it is running again', async () => {
    const id = uniqueName('web')
    const host = await makeInstance({ ...webStacklet({ id }), ...desiredRunning(id) })
    await commitAndRun(host)
    const before = await mustSee(host.docker, `stack-${id}`)

    await declare(host, id, 'paused')
    const paused = await mustSee(host.docker, `stack-${id}`)
    await declare(host, id, 'stopped')
    const stopped = await mustSee(host.docker, `stack-${id}`)
    await declare(host, id, 'paused')
    const pausedAgain = await mustSee(host.docker, `stack-${id}`)
    await declare(host, id, 'running')
    const running = await mustSee(host.docker, `stack-${id}`)

    expect([paused, stopped, pausedAgain, running].map((one) => one.state)).toEqual([
      'paused',
      'exited',
      'paused',
      'running',
    ])
    expect(new Set([before, paused, stopped, pausedAgain, running].map((one) => one.id)).size).toBe(1)
  })

  it('absent is refused for what is always on, which keeps running', async () => {
    const id = uniqueName('core')
    const host = await makeInstance({ ...webStacklet({ id, manifest: 'always_on = true\n' }), ...desiredRunning(id) })
    await commitAndRun(host)
    const before = await allOf(host)
    await host.write(desired, `[stacklets.${id}]\nstate = "absent"\n`)

    const run = await commitAndRun(host, 1)

    expect(run.json).toMatchObject({
      outcome: 'stalled',
      error: { message: `${id} is always_on and cannot be absent` },
    })
    expect((await host.stack('plan')).code).toBe(1)
    expect(await allOf(host)).toEqual(before)
  })

  it('running for what has no Compose file sets it up and is done', async () => {
    const id = uniqueName('bare')
    const host = await makeInstance({ [`stacklets/${id}/stacklet.toml`]: `id = "${id}"\n`, ...desiredRunning(id) })

    await commitAndRun(host)

    expect(filesOf(host, id)).toMatchObject({ env: true, marker: true })
    expect((await host.stack('status', id, '--json')).json.stacklets[0]).toMatchObject({ inSync: true })
  })
})

describe('a stacklet that is no longer listed', () => {
  it.each(['keep', 'down', 'destroy'])('prune = "%s"', async (prune) => {
    const [id, other] = [uniqueName('web'), uniqueName('other')]
    const pace = `[reconcile]\nprune = "${prune}"\n`
    const host = await makeInstance({ ...webStacklet({ id }), ...webStacklet({ id: other }) })
    await host.write(desired, `${pace}[stacklets.${id}]\n[stacklets.${other}]\n`)
    await host.write(`data/${id}/precious`, 'data')
    await commitAndRun(host)
    const before = await allOf(host)
    await host.write(desired, `${pace}[stacklets.${other}]\n`)

    const run = await commitAndRun(host)

    const after = await seen(host.docker, `stack-${id}`)
    const steps = { keep: [], down: [`stop ${id}`], destroy: [`remove ${id}`, `trash-data ${id}`, `forget ${id}`] }[
      prune
    ]
    expect(stepsOf(run)).toEqual(steps)
    expect(after?.state ?? 'gone').toBe({ keep: 'running', down: 'exited', destroy: 'gone' }[prune])
    expect(existsSync(join(host.folder, `data/${id}/precious`))).toBe(prune !== 'destroy')
    expect(trashed(host, id)).toEqual(prune === 'destroy' ? ['data'] : [])
    expect((await allOf(host))[`stack-${other}`]).toBe(before[`stack-${other}`])
  })

  it('and whose directory is gone from git leaves all the same', async () => {
    const [id, other] = [uniqueName('web'), uniqueName('other')]
    const files = { ...webStacklet({ id }), ...webStacklet({ id: other }) }
    const host = await makeInstance({ ...files, ...desiredRunning(id, other) })
    await commitAndRun(host)
    await host.remove(`stacklets/${id}`)
    await host.write(desired, `[reconcile]\nprune = "destroy"\n[stacklets.${other}]\n`)

    await commitAndRun(host)

    expect(await runningOf(host)).toEqual([`stack-${other}`])
    expect(await seen(host.docker, `stack-${id}`)).toBeNull()
  })
})

const generating = '\n[env]\ngenerate = ["PASSWORD"]\n'

async function declare(host: Instance, id: string, state: string): Promise<void> {
  await host.write(desired, `[stacklets.${id}]\nstate = "${state}"\n`)
  await commitAndRun(host, 0, state)
}

async function page(port: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}`)).text()
}

function filesOf({ folder }: Instance, id: string) {
  const isThere = (path: string) => existsSync(join(folder, path))
  return {
    env: isThere(`stacklets/${id}/.env`),
    marker: isThere(`.stack/${id}.setup-done`),
    document: isThere(`.stack/compose/${id}.yml`),
    ledger: isThere(`.stack/ledger/${id}.json`),
    data: isThere(`data/${id}`),
  }
}

/** What the files called `precious` say that lie in the trash of a stacklet. */
function trashed({ folder }: Instance, id: string): readonly string[] {
  const trash = join(folder, 'data/.trash')
  if (!existsSync(trash)) return []
  const own = readdirSync(trash).filter((name) => name.startsWith(`${id}-`))
  return own.map((name) => readFileSync(join(trash, name, 'precious'), 'utf8'))
}
