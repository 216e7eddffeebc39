import { describe, expect, it } from 'vitest'
import { freePort, uniqueName } from '../engine/ports.ts'
import { mustSee, runningOf, seen } from './support/containers.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { commitAndRun } from './support/runs.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

const desired = 'desired/desired.toml'

describe('in one commit', () => {
  it('a port goes from a stacklet that leaves to one that comes', async () => {
    const [old, young, port] = [uniqueName('a-old'), uniqueName('b-young'), await freePort()]
    const host = await makeInstance({ ...webStacklet({ id: old, port }), ...desiredRunning(old) })
    await commitAndRun(host)
    await writeAll(host, webStacklet({ id: young, port }))
    await host.write(desired, `[stacklets.${old}]\nstate = "absent"\n[stacklets.${young}]\n`)

    await commitAndRun(host)

    expect(await runningOf(host)).toEqual([`stack-${young}`])
    expect((await fetch(`http://127.0.0.1:${port}`)).status).toBe(200)
  })

  it('a port goes from a stacklet that moves to another one', async () => {
    const ports = [await freePort(), await freePort(), await freePort()] as const
    const [taker, giver] = [uniqueName('a-taker'), uniqueName('b-giver')]
    const host = await makeInstance({
      ...webStacklet({ id: taker, port: ports[0] }),
      ...webStacklet({ id: giver, port: ports[1] }),
      ...desiredRunning(taker, giver),
    })
    await commitAndRun(host)
    await writeAll(host, webStacklet({ id: taker, port: ports[1] }))
    await writeAll(host, webStacklet({ id: giver, port: ports[2] }))

    await commitAndRun(host)

    expect(await runningOf(host)).toEqual([`stack-${taker}`, `stack-${giver}`])
  })

  it('two stacklets exchange their ports', async () => {
    const [one, two] = [await freePort(), await freePort()]
    const [a, b] = [uniqueName('a'), uniqueName('b')]
    const host = await makeInstance({
      ...webStacklet({ id: a, port: one }),
      ...webStacklet({ id: b, port: two }),
      ...desiredRunning(a, b),
    })
    await commitAndRun(host)
    await writeAll(host, webStacklet({ id: a, port: two }))
    await writeAll(host, webStacklet({ id: b, port: one }))
    await host.commit('exchange')

    const runs = [await host.stack('reconcile', '--json'), await host.stack('reconcile', '--json')]

    expect(runs.at(-1), runs.map((run) => run.stderr).join()).toMatchObject({ code: 0 })
    expect(await runningOf(host)).toEqual([`stack-${a}`, `stack-${b}`])
  })

  it('a stacklet is renamed: its directory, its id, its container', async () => {
    const [before, after] = [uniqueName('before'), uniqueName('after')]
    const port = await freePort()
    const host = await makeInstance({ ...webStacklet({ id: before, port }), ...desiredRunning(before) })
    await commitAndRun(host)
    await host.git('mv', `stacklets/${before}`, `stacklets/${after}`)
    await writeAll(host, { ...webStacklet({ id: after, port }), ...desiredRunning(after) })
    await host.write(desired, `[reconcile]\nprune = "destroy"\n[stacklets.${after}]\n`)

    await commitAndRun(host)

    expect(await runningOf(host)).toEqual([`stack-${after}`])
    expect(await seen(host.docker, `stack-${before}`)).toBeNull()
  })

  it('the project and the container get other names: the old ones go', async () => {
    const id = uniqueName('web')
    const port = await freePort()
    const host = await makeInstance({ ...webStacklet({ id, port }), ...desiredRunning(id) })
    await commitAndRun(host)
    const path = `stacklets/${id}/docker-compose.yml`
    await host.write(path, (await host.read(path)).replaceAll(`stack-${id}`, `stack-new-${id}`))

    await commitAndRun(host)

    expect(await runningOf(host)).toEqual([`stack-new-${id}`])
    expect((await mustSee(host.docker, `stack-new-${id}`)).labels['com.docker.compose.project']).toBe(`stack-new-${id}`)
  })
})

async function writeAll(host: Instance, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) await host.write(path, text)
}
