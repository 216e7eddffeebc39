import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort, uniqueName } from '../engine/ports.ts'
import { testEngine } from '../engine/test-engine.ts'
import { allOf, mustSee, runningOf, seen } from './support/containers.ts'
import { type Answer, type Instance, makeInstance } from './support/instance.ts'
import { commitAndRun, runOnce, stepsOf } from './support/runs.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

const desired = 'desired/desired.toml'

describe('many that would leave at once', () => {
  it.each(['emptied', 'removed'])(
    'a desired.toml that was %s holds everything until a commit approves',
    async (how) => {
      const { host, ids } = await hostWith(2)
      const before = await allOf(host)
      if (how === 'emptied') await host.write(desired, '')
      else await host.remove(desired)

      const run = await commitAndRun(host, 2)
      const yes = await host.stack('reconcile', '--yes')
      const held = heldIn(run)

      expect(held.message).toContain(ids.join(', '))
      expect(yes.code).toBe(2)
      expect(await allOf(host)).toEqual(before)
      expect((await host.stack('plan', '--json')).json.notes).toContainEqual(held)

      await commitAndRun(host, 0, `leave\n\nStack-Approve: ${held.digest}`)
      expect(await runningOf(host)).toEqual([])
    },
  )

  it('more than max_removals are held, what else changed goes on, and a trailer releases them', async () => {
    const { host, ids } = await hostWith(3)
    const [stays = '', ...leave] = ids
    const absent = leave.map((id) => `[stacklets.${id}]\nstate = "absent"\n`).join('')
    await host.write(
      desired,
      `[reconcile]\nmax_removals = 1\n[stacklets.${stays}]\nenv = { GREETING = "new" }\n${absent}`,
    )

    const run = await commitAndRun(host, 2)
    expect(heldIn(run).message).toMatch(/max_removals = 1/)
    expect(await runningOf(host)).toEqual(ids.map((id) => `stack-${id}`).sort())
    expect((await mustSee(host.docker, `stack-${stays}`)).env['GREETING']).toBe('new')

    await commitAndRun(host, 0, `really\n\nStack-Approve: ${heldIn(run).digest}`)
    expect(await runningOf(host)).toEqual([`stack-${stays}`])
  })

  it('as many as max_removals leave without being asked about', async () => {
    const { host, ids } = await hostWith(2)
    await host.write(desired, `[reconcile]\nmax_removals = 1\n[stacklets.${ids[0]}]\n`)

    await commitAndRun(host)

    expect(await runningOf(host)).toEqual([`stack-${ids[0]}`])
  })
})

describe("somebody else's container", () => {
  it('under one of our names is held, with everything of that stacklet, and --yes replaces it', async () => {
    const { images, docker } = testEngine()
    const [id, other] = [uniqueName('web'), uniqueName('other')]
    const name = `stack-${id}`
    await docker(['run', '--detach', '--name', name, images.web])
    onTestFinished(() => docker(['rm', '--force', name]).then(() => {}))
    const stranger = await mustSee(docker, name)
    const files = { ...webStacklet({ id }), ...webStacklet({ id: other }), ...desiredRunning(id, other) }
    const host = await makeInstance(files)

    const run = await commitAndRun(host, 2)
    expect(heldIn(run).message).toContain(name)
    expect(run.json.steps.filter((step: { stacklet: string }) => step.stacklet === id)).toEqual([])
    expect(await seen(docker, name)).toEqual(stranger)
    expect(await runningOf(host)).toEqual([`stack-${other}`])
    expect((await host.stack('plan')).stdout).toContain('held')

    await runOnce(host, 0, '--yes')
    expect((await mustSee(docker, name)).id).not.toBe(stranger.id)
    expect(await runningOf(host)).toEqual([name, `stack-${other}`].sort())
  })

  it('of another instance is a conflict that names it, which --yes does not settle', async () => {
    const { host: theirs, ids } = await hostWith(1)
    const [id = ''] = ids
    const before = await allOf(theirs)
    const owner = (await theirs.read('.stack/instance-id')).trim()
    const ours = await makeInstance({ ...webStacklet({ id }), ...desiredRunning(id) })

    const run = await commitAndRun(ours, 1)
    const yes = await ours.stack('reconcile', '--yes')
    const plan = await ours.stack('plan', '--json')

    expect(run.json).toMatchObject({ outcome: 'stalled', steps: [], error: { code: 'STACK_FOREIGN' } })
    expect(run.json.error.message).toContain(owner)
    expect([yes.code, plan.code]).toEqual([1, 1])
    expect(plan.json.notes).toMatchObject([{ kind: 'conflict', stacklet: id }])
    expect(await allOf(theirs)).toEqual(before)
  })

  it('on a port of ours fails that stacklet in the words of the engine, and the others go on', async () => {
    const { images, docker } = testEngine()
    const [id, other, stranger] = [uniqueName('web'), uniqueName('other'), uniqueName('stranger')]
    const port = await freePort()
    await docker(['run', '--detach', '--name', stranger, '--publish', `${port}:80`, images.web])
    onTestFinished(() => docker(['rm', '--force', stranger]).then(() => {}))
    const files = { ...webStacklet({ id, port }), ...webStacklet({ id: other }), ...desiredRunning(id, other) }
    const host = await makeInstance(files)

    const run = await commitAndRun(host, 1)
    expect(run.json.error.message).toMatch(new RegExp(`${port}`))
    expect(await runningOf(host)).toEqual([`stack-${other}`])

    await docker(['rm', '--force', stranger])
    await runOnce(host)
    expect(await runningOf(host)).toEqual([`stack-${other}`, `stack-${id}`].sort())
  })
})

describe('two stacklets of ours that claim the same', () => {
  it.each(['port', 'container name'])('%s: both are told, and nothing flaps', async (what) => {
    const [one, two] = [uniqueName('one'), uniqueName('two')]
    const port = await freePort()
    const files = {
      ...webStacklet({ id: one, port }),
      ...webStacklet({ id: two, port: what === 'port' ? port : await freePort() }),
    }
    const path = `stacklets/${two}/docker-compose.yml`
    const compose = files[path] ?? ''
    files[path] =
      what === 'port' ? compose : compose.replace(`container_name: stack-${two}`, `container_name: stack-${one}`)
    const host = await makeInstance({ ...files, ...desiredRunning(one, two) })

    const run = await commitAndRun(host, 1)
    const again = await host.stack('reconcile', '--json')

    expect(run.json.outcome).toBe('stalled')
    expect(run.json.error.message).toContain(one)
    expect(run.json.error.message).toContain(two)
    expect(again.code).toBe(1)
    expect(stepsOf(again)).toEqual([])
  })
})

interface Held {
  readonly kind: string
  readonly message: string
  readonly digest: string
}

function heldIn(run: Answer): Held {
  const held = run.json.notes.filter((note: Held) => note.kind === 'held')
  expect(held).toHaveLength(1)
  expect(held[0].digest).toMatch(/^[0-9a-f]{16}$/)
  return held[0]
}

async function hostWith(count: number): Promise<{ host: Instance; ids: readonly string[] }> {
  const ids = Array.from({ length: count }, () => uniqueName('web')).sort()
  const host = await makeInstance({
    ...Object.assign({}, ...ids.map((id) => webStacklet({ id }))),
    ...desiredRunning(...ids),
  })
  await commitAndRun(host)
  return { host, ids }
}

describe('a volume or network of another definition', () => {
  it('a volume is held until a commit approves of losing its data, and is then made anew', async () => {
    const { host, id } = await volumeHost()
    await host.docker(['exec', `stack-${id}`, 'sh', '-c', 'echo precious > /data/file'])
    const before = await allOf(host)
    await edit(host, id, 'volumes: { kept: {} }', 'volumes: { kept: { driver_opts: { type: tmpfs, device: tmpfs } } }')
    await host.commit('another volume')

    const yes = await host.stack('reconcile', '--yes', '--json')
    const plan = await host.stack('plan', '--json')

    expect(yes).toMatchObject({ code: 2, json: { outcome: 'held', steps: [] } })
    expect(plan.json.notes).toMatchObject([
      { kind: 'held', stacklet: id, digest: expect.stringMatching(/^[0-9a-f]{16}$/) },
    ])
    expect(plan.json.notes[0].message).toContain(`replace-volume ${id} stack-${id}_kept`)
    expect(await allOf(host)).toEqual(before)
    expect(await host.docker(['exec', `stack-${id}`, 'cat', '/data/file'])).toBe('precious')

    await commitAndRun(host, 0, `yes\n\nStack-Approve: ${plan.json.notes[0].digest}`)

    const volume = JSON.parse(await host.docker(['volume', 'inspect', `stack-${id}_kept`]))[0]
    expect(volume.Options).toEqual({ type: 'tmpfs', device: 'tmpfs' })
    expect(Object.keys(await allOf(host))).toEqual([`stack-${id}`])
  })

  it('a network is made anew, with the containers that are on it', async () => {
    const { host, id } = await volumeHost()
    await edit(host, id, 'networks: { own: {} }', 'networks: { own: { internal: true } }')

    const run = await commitAndRun(host)

    expect(stepsOf(run)).toContain(`replace-network ${id} stack-${id}_own`)
    const network = JSON.parse(await host.docker(['network', 'inspect', `stack-${id}_own`]))[0]
    expect(network.Internal).toBe(true)
    expect(Object.values(network.Containers)).toMatchObject([{ Name: `stack-${id}` }])
  })
})

async function volumeHost(): Promise<{ host: Instance; id: string }> {
  const id = uniqueName('kept')
  const host = await makeInstance({
    [`stacklets/${id}/stacklet.toml`]: `id = "${id}"\n`,
    [`stacklets/${id}/docker-compose.yml`]: `services:
  web: { container_name: stack-${id}, image: "${testEngine().images.web}", volumes: ["kept:/data"], networks: [own] }
volumes: { kept: {} }
networks: { own: {} }
`,
    ...desiredRunning(id),
  })
  onTestFinished(async () => {
    await host.docker(['rm', '--force', `stack-${id}`])
    await host.docker(['volume', 'rm', '--force', `stack-${id}_kept`])
    await host.docker(['network', 'rm', '--force', `stack-${id}_own`])
  })
  await commitAndRun(host)
  return { host, id }
}

async function edit(host: Instance, id: string, from: string, to: string): Promise<void> {
  const path = `stacklets/${id}/docker-compose.yml`
  await host.write(path, (await host.read(path)).replace(from, to))
}
