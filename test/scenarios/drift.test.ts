import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freePort, uniqueName } from '../engine/ports.ts'
import { allOf, mustSee, seen } from './support/containers.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { commitAndRun, runOnce, stepsOf } from './support/runs.ts'
import { desiredRunning, pairStacklet, webStacklet } from './support/stacklets.ts'

describe('what was done by hand', () => {
  it.each([
    ['kill', ['kill']],
    ['stop', ['stop']],
    ['rm', ['rm', '--force']],
    ['pause', ['pause']],
    ['update', ['update', '--memory=64m', '--memory-swap=64m']],
    ['rename', ['rename']],
    ['network disconnect', ['network', 'disconnect', 'stack']],
    ['network connect', ['network', 'connect', 'bridge']],
  ])('docker %s is seen, healed, and leaves the neighbour alone', async (verb, words) => {
    const { host, id, web, db } = await pairHost()
    const neighbour = await mustSee(host.docker, db)
    await host.docker([...words, web, ...(verb === 'rename' ? [`${web}-renamed`] : [])])

    const status = await host.stack('status', id, '--json')
    const plan = await host.stack('plan')
    await runOnce(host)

    expect(status.json.stacklets[0]).toMatchObject({ inSync: false })
    expect(status.json.stacklets[0].drift).not.toEqual([])
    expect(plan.code).toBe(2)
    expect(await mustSee(host.docker, web)).toMatchObject({ state: 'running' })
    expect(await seen(host.docker, `${web}-renamed`)).toBeNull()
    expect(await mustSee(host.docker, db)).toMatchObject({ id: neighbour.id, startedAt: neighbour.startedAt })
  })

  it('is only told with self_heal = false', async () => {
    const { host, id, web } = await pairHost()
    await host.write('desired/desired.toml', `[reconcile]\nself_heal = false\n[stacklets.${id}]\n`)
    await commitAndRun(host)
    await host.docker(['stop', web])

    const run = await runOnce(host)

    expect(stepsOf(run)).toEqual([])
    expect(run.json.notes).toMatchObject([{ kind: 'drift', stacklet: id, message: expect.stringContaining('stopped') }])
    expect(await mustSee(host.docker, web)).toMatchObject({ state: 'exited' })
  })
})

describe('a change', () => {
  it('of one service in the Compose file makes only that container anew', async () => {
    const { host, id, web, db } = await pairHost()
    const before = { web: await mustSee(host.docker, web), db: await mustSee(host.docker, db) }
    await edit(host, `stacklets/${id}/docker-compose.yml`, 'ROLE: web', 'ROLE: site')

    await commitAndRun(host)

    const after = await mustSee(host.docker, web)
    expect(after.env['ROLE']).toBe('site')
    expect(after.id).not.toBe(before.web.id)
    expect(await mustSee(host.docker, db)).toEqual(before.db)
  })

  it('of a mounted file is served, and only the service that mounts it is made anew', async () => {
    const { host, id, web, db, port } = await pairHost()
    const before = { web: await mustSee(host.docker, web), db: await mustSee(host.docker, db) }
    expect(await page(port)).toBe('page one\n')
    // As git and editors write: a new file in the old one's place.
    const path = join(host.folder, `stacklets/${id}/site/index.html`)
    await writeFile(`${path}.new`, 'page two\n')
    await rename(`${path}.new`, path)
    await host.write(`stacklets/${id}/site/admin.conf`, 'user=admin\nadmin_password=hunter2\n')

    const plan = await host.stack('plan')
    await commitAndRun(host)

    expect(plan.stdout).toContain('        @@ -1,1 +1,1 @@\n        -page one\n        +page two\n')
    expect(plan.stdout).toContain('        +admin_password=***\n')
    expect(await page(port)).toBe('page two\n')
    expect((await mustSee(host.docker, web)).id).not.toBe(before.web.id)
    expect(await mustSee(host.docker, db)).toEqual(before.db)
  })

  it('of a document changes nothing that runs', async () => {
    const { host, id } = await pairHost()
    const before = await allOf(host)
    await host.write(`stacklets/${id}/README.md`, '# read me')

    const run = await commitAndRun(host)

    expect(stepsOf(run)).toEqual([])
    expect(await allOf(host)).toEqual(before)
  })

  it('a service that is taken out of the Compose file goes, and comes back when it is put in again', async () => {
    const { host, id, web, db } = await pairHost()
    const before = await mustSee(host.docker, web)
    const path = `stacklets/${id}/docker-compose.yml`
    const whole = await host.read(path)
    await host.write(path, whole.replace(/ {2}db:[\s\S]*?(?=^networks)/m, ''))

    await commitAndRun(host)
    expect(await seen(host.docker, db)).toBeNull()
    expect((await mustSee(host.docker, web)).id).toBe(before.id)

    await host.write(path, whole)
    await commitAndRun(host)
    expect(await mustSee(host.docker, db)).toMatchObject({ state: 'running' })
  })

  it('of time zone, default, override and secret reaches the container, each named in the plan', async () => {
    const id = uniqueName('web')
    const manifest = '\n[env]\ngenerate = ["KEY"]\n[env.defaults]\nTZ = "{timezone}"\nGREETING = "hello"\n'
    const host = await makeInstance({ ...webStacklet({ id, manifest }), ...desiredRunning(id) })
    await commitAndRun(host)
    const env = async () => (await mustSee(host.docker, `stack-${id}`)).env
    expect(await env()).toMatchObject({ TZ: 'UTC', GREETING: 'hello', KEY: expect.stringMatching(/^[A-Za-z0-9]{32}$/) })

    await edit(host, 'stack.toml', '[core]', '[core]\ntimezone = "Europe/Berlin"')
    expect(await changesIn(host)).toEqual(['env TZ'])
    await commitAndRun(host)
    expect((await env())['TZ']).toBe('Europe/Berlin')

    await host.write('desired/desired.toml', `[stacklets.${id}.env]\nGREETING = "welcome"\n`)
    expect(await changesIn(host)).toEqual(['env GREETING'])
    await commitAndRun(host)
    expect((await env())['GREETING']).toBe('welcome')

    await host.write('.stack/secrets.toml', `${id}__KEY = "by hand"\n`)
    expect(await changesIn(host)).toEqual(['env KEY'])
    await runOnce(host)
    expect((await env())['KEY']).toBe('by hand')
  })
})

describe('what we remember', () => {
  it.each(['compose', 'journal', 'last-run', 'memory.json'])('.stack/%s lost: nothing is restarted', async (file) => {
    const { host } = await pairHost()
    const before = await allOf(host)
    await host.remove(`.stack/${file}`)

    await runOnce(host)

    expect(await allOf(host)).toEqual(before)
  })

  it.each(['lost', 'damaged'])(
    'a ledger that is %s: only what mounts files, which may have changed, is made anew',
    async (how) => {
      const { host, id, web, db } = await pairHost()
      const before = await mustSee(host.docker, db)
      if (how === 'lost') await host.remove('.stack/ledger')
      else await host.write(`.stack/ledger/${id}.json`, '{"format":1,"id":')

      await runOnce(host)

      expect(await mustSee(host.docker, db)).toEqual(before)
      expect(await mustSee(host.docker, web)).toMatchObject({ state: 'running' })
    },
  )
})

async function pairHost(): Promise<{ host: Instance; id: string; port: number; web: string; db: string }> {
  const id = uniqueName('pair')
  const port = await freePort()
  const host = await makeInstance({ ...pairStacklet(id, port), ...desiredRunning(id) })
  await commitAndRun(host)
  return { host, id, port, web: `stack-${id}-web`, db: `stack-${id}-db` }
}

async function edit(host: Instance, path: string, from: string, to: string): Promise<void> {
  await host.write(path, (await host.read(path)).replace(from, to))
}

async function changesIn(host: Instance): Promise<readonly string[]> {
  const plan = await host.stack('plan', '--json')
  const steps: { changes: { field: string }[] }[] = plan.json.steps
  return steps.flatMap((step) => step.changes.map((change) => change.field))
}

async function page(port: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}`)).text()
}
