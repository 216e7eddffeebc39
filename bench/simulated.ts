import { entryFor } from '../reconciler/loop/ledger-entry.ts'
import type { ObservedContainer } from '../reconciler/model/actual.ts'
import type { ComposeProject } from '../reconciler/model/compose-project.ts'
import type { DesiredStacklet } from '../reconciler/model/desired.ts'
import { type Digest, isStackletId } from '../reconciler/model/names.ts'
import { Secret } from '../reconciler/model/secret.ts'
import { envFileText } from '../reconciler/plan/env-file.ts'
import type { EngineLook } from '../reconciler/ports/container-engine.ts'
import type { World } from '../reconciler/ports/world.ts'
import { desiredOf, type InProcess, inProcess } from './in-process.ts'

/** An instance with all its files on the disk, as if everything in it ran on an engine that answers at once. */
export async function simulated(instance: string, ids: readonly string[], env: NodeJS.ProcessEnv): Promise<InProcess> {
  const { world } = await inProcess(instance, env)
  const host = await world.host.keep(await world.host.facts(null))
  await world.host.remember(() => ({ approvals: [], converged: ids.filter(isStackletId) }))
  const look = lookOf(ids, host.instance)
  const at = await inProcess(instance, env, { engine: { ...world.engine, look: async () => look } })
  const desired = await desiredOf(at, env['HOME'] ?? '/root')
  for (const wanted of desired.stacklets) await applied(at.world, wanted, look)
  return at
}

/** What a run would have left of it. */
async function applied({ ledger, files }: World, stacklet: DesiredStacklet, look: EngineLook): Promise<void> {
  const wanted = { ...stacklet, project: projectOf(stacklet.id) }
  const own = look.containers.filter((one) => one.stacklet === wanted.id)
  await files.write('env', wanted.id, new Secret(envFileText(wanted)))
  await files.write('marker', wanted.id, new Secret(''))
  await ledger.write(entryFor(wanted, look, own, { revision: null, nowMs: 0, owes: [] }))
}

function lookOf(ids: readonly string[], instance: string): EngineLook {
  return {
    engine: '26.1.5',
    containers: ids.map((id) => containerOf(id, instance)),
    networks: new Map([['stack', { Driver: 'bridge' }]]),
    twins: [],
    portHolders: [],
    volumes: new Map(),
    images: new Map([['busybox:1.36', 'sha256:1']]),
  }
}

const image = 'busybox:1.36'

function projectOf(id: string): ComposeProject {
  const name = `stack-${id}`
  const service = { name, containerName: name, image, isBuilt: false, replicas: 1, ports: [], sources: [] }
  const networks = [{ name: 'stack', external: true, definition: '' as Digest }]
  return { name, services: [{ ...service, context: null, hasHealthcheck: false }], networks, volumes: [] }
}

function containerOf(id: string, instance: string): ObservedContainer {
  const name = `stack-${id}`
  const fields = Array.from({ length: 20 }, (_, index) => [`HostConfig.Field${index}`, `value ${index}`])
  return {
    ...{ id: name, name, image, imageId: 'sha256:1', project: name, service: name, instance, stacklet: id },
    ...{ isHelper: false, isOneOff: false, state: 'running', health: 'none', exitCode: 0, restarts: 0 },
    ...{ startedAtMs: 1, ports: [], fingerprint: Object.fromEntries(fields) },
  }
}
