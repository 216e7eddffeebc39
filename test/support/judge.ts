import type { Box } from './fake/box.ts'
import { builtFrom } from './fake/compose.ts'
import { type FakeContainer, isUp, stateOf } from './fake/container.ts'
import { mountedFiles } from './fake/containers.ts'
import { pathOf } from './fake/storage.ts'
import { type HostIntent, projectNameOf, type ServiceIntent, type StackletIntent } from './intent.ts'
import { unmetRoutes } from './judge-routes.ts'
import { imageOf, unmetEnvFile, wantedValues } from './values.ts'

/**
 * What a host still lacks of what was declared, in words. It knows nothing of plans: it compares what a person wrote with
 * what is on the machine, and its idea of "ours" and "as declared" is its own.
 */
export function unmet(intent: HostIntent, before: Box, after: Box, excused: ReadonlySet<string> = new Set()) {
  const listed = intent.stacklets.filter((one) => one.state !== 'unlisted')
  const names = new Set(listed.map((one) => one.id))
  const attached = listed.filter(
    (one) => isWantedUp(one) && !excused.has(one.id) && Object.keys(one.services).length > 0,
  )
  const network = attached.length > 0 && !after.networks.has('stack')
  return [
    ...(network ? ['the network stack is missing'] : []),
    ...(attached.length > 0 && after.twins.size > 0 ? ['the network stack is there twice'] : []),
    ...(intent.domain === '' ? [] : unmetRoutes(intent, before, after, excused)),
    ...listed.filter((one) => !excused.has(one.id)).flatMap((one) => unmetStacklet(one, after, before)),
    ...knownIds(before)
      .filter((id) => !names.has(id))
      .flatMap((id) => unmetLeaving(id, intent, before, after)),
  ]
}

export function isWantedUp({ state }: StackletIntent): boolean {
  return state === 'running' || state === 'paused'
}

/** Ours: our instance's label, or known by name and project to the notes of an earlier run. */
export function isOurs(container: FakeContainer, box: Box): boolean {
  const instance = container.labels['stack.instance']
  if (instance !== undefined) return instance === box.instance
  return [...box.ledger.values()].some(
    (entry) => entry.containers[container.name] !== undefined && entry.project?.name === container.project,
  )
}

export function isService({ labels }: FakeContainer): boolean {
  return labels['stack.helper'] !== 'true' && labels['com.docker.compose.oneoff'] !== 'True'
}

/** A stacklet's own containers, adopted ones included. */
export function ownOf(id: string, box: Box): readonly FakeContainer[] {
  const project = box.ledger.get(id)?.project?.name
  return box.containers.filter((one) => {
    if (!isService(one) || !isOurs(one, box)) return false
    const owner = one.labels['stack.stacklet']
    return owner === undefined ? one.project === project && project !== undefined : owner === id
  })
}

function knownIds(box: Box): readonly string[] {
  const labelled = box.containers.filter((one) => isService(one) && one.labels['stack.instance'] === box.instance)
  const ids = labelled.map((one) => one.labels['stack.stacklet'])
  return [...new Set([...box.ledger.keys(), ...ids.filter((id) => id !== undefined)])]
}

export function unmetStacklet(intent: StackletIntent, box: Box, before = box): readonly string[] {
  const own = ownOf(intent.id, box)
  if (intent.state === 'absent') return unmetAbsent(intent.id, before, box)
  if (intent.state === 'stopped') {
    const up = own.filter((one) => isUp(one, box.nowMs)).map((one) => `${one.name} is up although declared stopped`)
    return [...up, ...stillRunning(intent.id, before, box)]
  }
  return [
    ...unmetContainers(intent, box),
    ...unmetEnvFile(intent, box),
    ...unmetPrograms(intent, before, box),
    ...(box.files.has(pathOf('marker', intent.id)) ? [] : [`${intent.id} was never set up`]),
    ...(box.files.has(pathOf('progress', intent.id)) ? [`${intent.id} is still being set up`] : []),
    ...intent.generate
      .filter((name) => (box.secrets.get(`${intent.id}__${name}`) ?? '') === '')
      .map((name) => `${intent.id} has no ${name}`),
  ]
}

/** What is wrong with the containers of one that should be up. */
export function unmetContainers(intent: StackletIntent, box: Box): readonly string[] {
  const left = ownOf(intent.id, box).filter((one) => intent.services[one.service ?? ''] === undefined)
  return [
    ...left.map((one) => `${one.name} was left over`),
    ...Object.entries(intent.services).flatMap(([name, service]) => unmetService(intent, name, service, box)),
  ]
}

function unmetAbsent(id: string, before: Box, box: Box): readonly string[] {
  return [
    ...ownOf(id, box).map((one) => `${one.name} is there although declared absent`),
    ...stillRunning(id, before, box),
    ...(wasHere(id, before) && box.data.has(id) ? [`data of ${id} is still in its place`] : []),
    ...filesOf(id, box).map((path) => `${path} is there although declared absent`),
    ...(box.ledger.has(id) ? [`${id} is still known although declared absent`] : []),
  ]
}

/** What an earlier run left on this host; a folder of its name alone may be anybody's. */
export function wasHere(id: string, before: Box): boolean {
  const files = filesOf(id, before).filter((path) => !path.endsWith('.yml'))
  return before.ledger.has(id) || ownOf(id, before).length > 0 || files.length > 0
}

function filesOf(id: string, box: Box): readonly string[] {
  const all = (['env', 'marker', 'progress', 'services', 'hook', 'document'] as const).map((file) => pathOf(file, id))
  return all.filter((path) => box.files.has(path))
}

/** Programs of the host that an earlier run started. */
export function startedPrograms(id: string, box: Box): readonly string[] {
  const text = box.files.get(pathOf('services', id)) ?? ''
  return text.split('\n').flatMap((name) => (name === '' ? [] : [`${id}/${name}`]))
}

/** What stops them stands in their stacklet's manifest, and is lost with it. */
function stillRunning(id: string, before: Box, box: Box): readonly string[] {
  const manifest = box.workTree[`stacklets/${id}/stacklet.toml`] ?? ''
  const known = startedPrograms(id, before).filter((one) => manifest.includes(`"end ${one.slice(id.length + 1)}"`))
  return known.filter((one) => box.programs.has(one)).map((one) => `${one} runs on`)
}

/** One that cannot be asked is believed to run once it was started. */
function unmetPrograms({ id, programs }: StackletIntent, before: Box, box: Box): readonly string[] {
  return Object.entries(programs).flatMap(([name, { isProbed }]) => {
    const isBelieved = !isProbed && startedPrograms(id, before).includes(`${id}/${name}`)
    return isBelieved || box.programs.has(`${id}/${name}`) ? [] : [`${name} of ${id} does not run`]
  })
}

function unmetService(intent: StackletIntent, name: string, service: ServiceIntent, box: Box): readonly string[] {
  const containers = ownOf(intent.id, box).filter((one) => one.service === name)
  const count = `${intent.id} has ${containers.length} of ${service.replicas} containers of ${name}`
  return [
    ...(containers.length === service.replicas ? [] : [count]),
    ...containers.flatMap((one) =>
      faultsOf(one, intent, service, box).map((fault) => `${one.name} (${intent.id}) ${fault}`),
    ),
  ]
}

function faultsOf(one: FakeContainer, intent: StackletIntent, service: ServiceIntent, box: Box): readonly string[] {
  const { state, health, exitCode } = stateOf(one, box.nowMs)
  const isDone = service.image.startsWith('job:') && state === 'exited' && exitCode === 0
  const wanted = intent.state === 'paused' ? 'paused' : 'running'
  const image = service.build === null ? imageOf(service, intent) : `${projectNameOf(intent)}-${one.service}`
  const context = `stacklets/${intent.id}/${service.build}`
  const faults: readonly (readonly [boolean, string])[] = [
    [state !== wanted && !isDone, `is ${state}, not ${wanted}`],
    [health === 'unhealthy' || health === 'starting', `is ${health}`],
    [one.project !== projectNameOf(intent), `belongs to the project ${one.project}`],
    [service.containerName !== null && one.name !== service.containerName, 'has another name'],
    [one.image !== image, `runs ${one.image}`],
    [service.build !== null && !one.imageId.endsWith(builtFrom(box, context)), 'runs an image of other content'],
    [one.port !== service.port, `publishes ${one.port}`],
    [one.restart !== service.restart, `has the restart policy ${one.restart}`],
    [Object.keys(one.altered).length > 0, 'was altered by hand'],
    [JSON.stringify(one.sees) !== JSON.stringify(mountedFiles(box, one)), 'was started with other files'],
    ...wrongValues(one, intent, box).map((value) => [true, `has another ${value}`] as const),
  ]
  return faults.filter(([isFault]) => isFault).map(([, words]) => words)
}

function wrongValues(one: FakeContainer, intent: StackletIntent, box: Box): readonly string[] {
  return wantedValues(intent, box).flatMap(([name, text]) => (one.environment[name] === text ? [] : [name]))
}

function unmetLeaving(id: string, { prune }: HostIntent, before: Box, after: Box): readonly string[] {
  const own = ownOf(id, after)
  if (prune === 'keep') return same(ownOf(id, before), own) ? [] : [`${id} was touched although unlisted ones are kept`]
  if (prune === 'down') {
    const up = own.filter((one) => isUp(one, after.nowMs)).map((one) => `${one.name} is up and not listed`)
    return [...up, ...stillRunning(id, before, after)]
  }
  return unmetAbsent(id, before, after)
}

/** Byte for byte, whatever the order. */
export function same(one: readonly FakeContainer[], other: readonly FakeContainer[]): boolean {
  const texts = (all: readonly FakeContainer[]) => all.map((each) => JSON.stringify(each)).sort()
  return JSON.stringify(texts(one)) === JSON.stringify(texts(other))
}
