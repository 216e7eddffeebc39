import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type EngineApart, engineApart } from '../engine/engine-apart.ts'
import { docker20, docker26 } from '../engine/engine-versions.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { composeKinds, filesOf } from './support/compose-kinds.ts'
import { allOf } from './support/containers.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { commitAndRun, runOnce, stepsOf } from './support/runs.ts'

const kinds = composeKinds()
/** The engine starts all containers at once: one that needs another's network or processes may come too early, and stay down. */
const sharing = kinds.find(({ name }) => name.startsWith('one that shares'))?.id ?? ''
const onEnd = atTheEnd()
let engine: EngineApart
let host: Instance

/** Made, applied and remembered under Docker 20.10; each test goes on where the one before it ended. */
beforeAll(async () => {
  engine = await engineApart()
  onEnd(engine.remove)
  await engine.start(await docker20())
  host = await makeInstance(await filesOf(kinds, await engine.furnish()), { onEnd, engineEnv: engine.env })
  await commitAndRun(host)
})

describe('on one ledger and the same containers', () => {
  it.each([
    ['an upgrade from Docker 20.10 to 26.1', docker26, '26.1.5'],
    ['a restart of the same engine', docker26, '26.1.5'],
    ['the way back to 20.10', docker20, '20.10.24'],
  ])('%s is nothing to do, but for what the engine left down', async (_, version, running) => {
    const before = await allOf(host)
    const applied = await appliedIn(host)

    await engine.stop()
    await engine.start(await version())
    const up = await allOf(host)
    const plan = await host.stack('plan', '--json')
    await runOnce(host)
    const again = await host.stack('reconcile', '--json')

    const down = Object.keys(before).filter((name) => partOf(before, name, 1) !== partOf(up, name, 1))
    const after = await allOf(host)
    expect(await engine.docker(['version', '--format', '{{.Server.Version}}'])).toContain(running)
    expect(down.filter((name) => !name.includes(sharing))).toEqual([])
    expect(namedIn(plan.json.steps)).toEqual(down.length === 0 ? [] : [sharing])
    expect(without(down, after)).toEqual(without(down, up))
    expect(partsOf(after, 0)).toEqual(partsOf(before, 0))
    expect(partsOf(after, 1)).toEqual(partsOf(before, 1))
    expect(stepsOf(again)).toEqual([])
    expect(await appliedIn(host)).toEqual(applied)
    expect(await enginesIn(host)).toEqual([expect.stringContaining(running)])
  })

  it('what is done by hand afterwards is seen, field by field', async () => {
    const own = kinds.find(({ name }) => name === 'a container name of its own')?.id ?? ''
    await engine.docker(['update', '--cpu-shares', '100', `${own}-own`])

    const plan = await host.stack('plan', '--json')

    expect(plan.code).toBe(2)
    expect(namedIn(plan.json.steps)).toEqual([own])
    expect(plan.stdout).toContain('HostConfig.CpuShares')
  })
})

type Containers = Readonly<Record<string, string>>

/** Of `id state startedAt`. */
function partOf(all: Containers, name: string, part: 0 | 1): string | undefined {
  return all[name]?.split(' ')[part]
}

function partsOf(all: Containers, part: 0 | 1): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.keys(all).map((name) => [name, partOf(all, name, part)]))
}

function without(names: readonly string[], all: Containers): Containers {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)))
}

function namedIn(steps: readonly { readonly stacklet: string }[]): readonly string[] {
  return [...new Set(steps.map(({ stacklet }) => stacklet))]
}

/** Every fingerprint that the ledger remembers. */
async function appliedIn(instance: Instance): Promise<unknown> {
  const entries = await entriesIn(instance)
  return entries.map(({ id, containers, networks, volumes, images }) => ({ id, containers, networks, volumes, images }))
}

async function enginesIn(instance: Instance): Promise<readonly unknown[]> {
  return [...new Set((await entriesIn(instance)).map(({ engine: version }) => version))]
}

async function entriesIn({ folder, read }: Instance): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const names = (await readdir(join(folder, '.stack/ledger'))).sort()
  return Promise.all(names.map(async (name) => JSON.parse(await read(`.stack/ledger/${name}`))))
}
