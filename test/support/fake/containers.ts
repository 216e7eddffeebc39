import { StackError } from '../../../reconciler/model/errors.ts'
import type { Repair } from '../../../reconciler/model/repair.ts'
import type { Texts } from '../texts.ts'
import { type Box, type Happening, nextSerial } from './box.ts'
import { exitCodeOnStop, type FakeContainer, isUp, stateOf } from './container.ts'
import { putOnTwin } from './twins.ts'

/** What the engine can do to containers; whoever asks for it, a person at the host included. */

export type ContainerSpec = Pick<FakeContainer, 'name' | 'image'> &
  Partial<Omit<FakeContainer, 'id' | 'life' | 'isStuck' | 'sees'>>

export function create(box: Box, spec: ContainerSpec): FakeContainer {
  const taken = box.containers.find((one) => one.name === spec.name)
  if (taken !== undefined) throw refused(`Conflict. The container name "/${spec.name}" is already in use`)
  const container: FakeContainer = {
    imageId: imageIdOf(box, spec.image),
    project: null,
    service: null,
    labels: {},
    environment: {},
    restart: 'no',
    port: null,
    hasHealthcheck: false,
    mounts: [],
    configHash: null,
    altered: {},
    ...spec,
    id: `id-${nextSerial(box)}`,
    life: { kind: 'created' },
    isStuck: false,
    sees: {},
  }
  box.containers.push(container)
  note(box, 'create', container)
  return container
}

/** The id of the image that a reference means now. */
export function imageIdOf(box: Box, image: string): string {
  return `${image} from ${box.images.get(image) ?? 'nowhere'}`
}

export function start(box: Box, container: FakeContainer): void {
  const { state } = stateOf(container, box.nowMs)
  if (state === 'paused') throw refused('cannot start a paused container, try unpause instead')
  if (state === 'running' || state === 'restarting') return
  if (container.isStuck) throw new StackError('STACK_STUCK', `task ${container.id}: already exists`, { hint: 'again' })
  const holder = box.containers.find((one) => one !== container && one.port === container.port && isUp(one, box.nowMs))
  if (container.port !== null && holder !== undefined)
    throw refused(`Bind for 0.0.0.0:${container.port} failed: port is already allocated`)
  container.life = { kind: 'running', sinceMs: box.nowMs }
  container.sees = mountedFiles(box, container)
  const { 'stack.stacklet': stacklet, 'stack.instance': instance } = container.labels
  if (stacklet !== undefined && instance === box.instance) box.data.add(stacklet)
  note(box, 'start', container)
}

export function stop(box: Box, container: FakeContainer, exitCode = exitCodeOnStop(container)): void {
  const { state } = stateOf(container, box.nowMs)
  if (state === 'paused') throw refused('Container is paused. Unpause the container before stopping or killing')
  if (state !== 'running' && state !== 'restarting') return
  container.life = { kind: 'exited', exitCode }
  note(box, 'stop', container)
}

export function pause(box: Box, container: FakeContainer): void {
  const { state } = stateOf(container, box.nowMs)
  if (state !== 'running') throw refused(`Container ${container.name} is not running`)
  container.life = { kind: 'paused', sinceMs: box.nowMs }
  note(box, 'pause', container)
}

export function unpause(box: Box, container: FakeContainer): void {
  if (container.life.kind !== 'paused') throw refused(`Container ${container.name} is not paused`)
  container.life = { kind: 'running', sinceMs: container.life.sinceMs }
  note(box, 'unpause', container)
}

/** What can be put right in place. Fields that nobody altered are what they were made to be. */
export function repair(box: Box, container: FakeContainer, what: Repair): void {
  if (what.kind === 'rename') {
    if (box.containers.some((one) => one.name === what.to)) throw refused(`the name "/${what.to}" is already in use`)
    box.containers = box.containers.map((one) => (one === container ? { ...one, name: what.to } : one))
  }
  if (what.kind === 'disconnect' || what.kind === 'connect') putOnTwin(box, container.id, what)
  const back = what.kind === 'update' ? Object.keys(what.limits) : []
  const { altered } = container
  const kept = Object.entries(altered).filter(([field]) => !back.includes(field) && !isNetworkOf(field, what))
  container.altered = Object.fromEntries(kept)
}

function isNetworkOf(field: string, what: Repair): boolean {
  return 'network' in what && field === `Networks.${what.network}`
}

export function remove(box: Box, container: FakeContainer): void {
  box.containers = box.containers.filter((one) => one !== container)
  note(box, 'remove', container)
}

/** The content of everything that a container mounts, as it lies there now. */
export function mountedFiles(box: Box, { mounts }: Pick<FakeContainer, 'mounts'>): Texts {
  const files = Object.entries(box.workTree)
  return Object.fromEntries(files.filter(([path]) => mounts.some((mount) => path.startsWith(`${mount}/`))))
}

const listeners = new WeakMap<Box, ((happening: Happening) => void)[]>()

/** Tells of everything that is done on the box, in the moment when it was done. */
export function whenSomethingHappens(box: Box, listen: (happening: Happening) => void): void {
  listeners.set(box, [...(listeners.get(box) ?? []), listen])
}

function note(box: Box, what: Happening['what'], { name, labels }: FakeContainer): void {
  tell(box, { what, name, stacklet: labels['stack.stacklet'] ?? null })
}

export function tell(box: Box, happening: Happening): void {
  box.happened.push(happening)
  for (const listen of listeners.get(box) ?? []) listen(happening)
}

export function refused(message: string): StackError {
  return new StackError('STACK_ENGINE_REFUSED', message, { hint: 'mend what it names' })
}
