import type { PortHolder } from '../../../reconciler/model/port-holder.ts'
import type { ContainerEngine, EngineQuestion } from '../../../reconciler/ports/container-engine.ts'
import type { ImageStore } from '../../../reconciler/ports/image-store.ts'
import type { Box } from './box.ts'
import { type FakeContainer, isUp, observed } from './container.ts'
import { imageIdOf, pause, refused, remove, repair, start, stop, unpause } from './containers.ts'
import { discardNetwork, twinsIn } from './twins.ts'

const actions = {
  ...{ pause, remove, start, unpause },
  stop: (box: Box, one: FakeContainer) => stop(box, one),
  restart: (box: Box, one: FakeContainer) => {
    stop(box, one)
    start(box, one)
  },
}

/** Answers may come in any order: nothing may depend on it. */
export type Shuffle = <Item>(items: readonly Item[]) => readonly Item[]

export function fakeEngine(box: Box, shuffle: Shuffle): ContainerEngine {
  return {
    look: async (question) => ({
      containers: shuffle(
        box.containers.filter((one) => isAskedFor(one, question)).map((one) => observed(one, box.nowMs)),
      ),
      engine: '26.1.5',
      networks: new Map(shuffle([...box.networks]).map((name) => [name, { Driver: 'bridge' }])),
      twins: shuffle(twinsIn(box)),
      volumes: new Map(),
      portHolders: box.containers.filter((one) => isUp(one, box.nowMs)).flatMap(publishedBy),
      images: new Map(shuffle(imagesIn(box, question.images ?? []))),
    }),
    async act(action, id) {
      const container = box.containers.find((one) => one.id === id)
      if (container !== undefined)
        return typeof action === 'string' ? actions[action](box, container) : repair(box, container, action)
      if (action !== 'remove') throw refused(`No such container: ${id}`)
    },
    async createNetwork(name) {
      box.networks.add(name)
    },
    lastLines: async () => ['the last line it printed'],
    async discard(what) {
      if (what.kind === 'volume') return []
      if (what.kind === 'network') return discardNetwork(box, what.name) ? [what.name] : []
      return box.volumes.delete(what.project) ? [`${what.project}_data`] : []
    },
  }
}

/** Images are known by what they were made from. */
export function fakeImages(box: Box): ImageStore {
  return {
    async tag(imageId, reference) {
      const source = imageId.startsWith(`${reference} from `) ? imageId.slice(`${reference} from `.length) : null
      if (source === null || source === 'nowhere') return false
      box.images.set(reference, source)
      return true
    },
    describe: async () => new Map(),
    async pull(reference) {
      box.images.set(reference, 'registry')
    },
    list: async () => [],
    async remove(reference) {
      box.images.delete(reference)
    },
  }
}

function publishedBy({ name, port, project, labels }: FakeContainer): readonly PortHolder[] {
  const { 'stack.instance': instance = null, 'stack.stacklet': stacklet = null } = labels
  if (port === null) return []
  const container = { name, project, instance, stacklet }
  return [{ address: '0.0.0.0', port, protocol: 'tcp', container, process: null }]
}

function imagesIn(box: Box, references: readonly string[]): readonly (readonly [string, string])[] {
  const present = references.filter((image) => box.images.has(image))
  return present.map((image) => [image, imageIdOf(box, image)])
}

function isAskedFor({ name, labels, project }: FakeContainer, question: EngineQuestion): boolean {
  const instance = labels['stack.instance']
  if (instance !== undefined && instance === question.instance) return true
  return (project !== null && question.projects.includes(project)) || question.names?.includes(name) === true
}
