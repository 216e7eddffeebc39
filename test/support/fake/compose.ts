import { digest } from '../../../reconciler/lib/digest.ts'
import { StackError } from '../../../reconciler/model/errors.ts'
import type { AppliedProject, Compose } from '../../../reconciler/ports/compose.ts'
import type { Box } from './box.ts'
import { configHash, type FakeDocument, type ResolvedService, resolve } from './compose-document.ts'
import { type FakeContainer, isInRegistry } from './container.ts'
import { create, remove, start, stop, tell } from './containers.ts'

/** Called between the things that one call does: the place where it may be cut short. */
export type Midway = () => void

/** Compose: makes what the document says, and knows its own by project and service, whoever labelled them. */
export function fakeCompose(box: Box, midway: Midway): Compose {
  return {
    resolve: async (request) => resolve(request),
    async pull(project, names) {
      for (const service of servicesOf(box, project, names)) pull(box, service.image)
    },
    async build(project, names) {
      for (const service of servicesOf(box, project, names)) build(box, service)
    },
    async up(project, { recreate, beside }) {
      const document = documentOf(box, project)
      if (!box.networks.has('stack')) throw failed('network stack declared as external, but could not be found')
      if (box.twins.size > 0) throw failed('network stack is ambiguous (2 matches found on name)')
      if (beside !== undefined) return addBeside(box, document, beside, midway)
      const once = new Set(recreate)
      for (const service of document.services) bringUp(box, document, service, once.has(service.name), midway)
    },
    async end(how, project) {
      const document = project.documentPath === null ? null : documentOf(box, project)
      const named = (one: FakeContainer): boolean =>
        document === null || document.services.some((service) => service.name === one.service)
      for (const one of box.containers.filter((any) => any.project === project.name)) {
        if (how === 'down' || (named(one) && !isOneOff(one))) stop(box, one)
        if (how === 'down') remove(box, one)
        midway()
      }
    },
  }
}

/** New ones up to these numbers, whatever those are that are there. */
function addBeside(
  box: Box,
  { name: project, services }: FakeDocument,
  counts: Readonly<Record<string, number>>,
  midway: Midway,
) {
  for (const service of services.filter(({ name }) => counts[name] !== undefined)) {
    fetchLate(box, service)
    const mine = box.containers.filter(
      (one) => one.project === project && one.service === service.name && !isOneOff(one),
    )
    for (let count = mine.length; count < (counts[service.name] ?? 0); count += 1) {
      const name = freeName(box, `${project}-${service.name}`)
      start(box, create(box, { ...specOf(service), name, project, service: service.name }))
      midway()
    }
  }
}

function bringUp(box: Box, { name: project }: FakeDocument, service: ResolvedService, anew: boolean, midway: Midway) {
  fetchLate(box, service)
  const mine = box.containers.filter((one) => one.project === project && one.service === service.name && !isOneOff(one))
  for (const surplus of mine.slice(service.replicas)) remove(box, surplus)
  for (let index = 0; index < service.replicas; index += 1) {
    const there = mine[index]
    const isSame = there !== undefined && !anew && there.configHash === configHash(service)
    if (there !== undefined && !isSame) remove(box, there)
    if (there !== undefined && !isSame) midway()
    const name = service.containerName ?? freeName(box, `${project}-${service.name}`)
    start(box, isSame ? there : create(box, { ...specOf(service), name, project, service: service.name }))
    midway()
  }
}

/** Compose fetches what is missing, with containers already on their way. */
function fetchLate(box: Box, { image, context }: ResolvedService): void {
  if (box.images.has(image)) return
  tell(box, { what: 'late pull', name: image, stacklet: null })
  pull(box, image, context !== null)
}

function isOneOff(one: FakeContainer): boolean {
  return one.labels['com.docker.compose.oneoff'] === 'True'
}

/** Compose numbers its containers, and takes the first number that is free. */
function freeName(box: Box, prefix: string): string {
  for (let number = 1; ; number += 1) {
    const name = `${prefix}-${number}`
    const isTaken = box.containers.some((one) => one.name === name && one.project !== null)
    if (!isTaken) return name
  }
}

function specOf(service: ResolvedService) {
  const { image, labels, environment, restart, port, mounts, hasHealthcheck } = service
  return { image, labels, environment, restart, port, mounts, hasHealthcheck, configHash: configHash(service) }
}

function servicesOf(box: Box, project: AppliedProject, names: readonly string[]): readonly ResolvedService[] {
  return documentOf(box, project).services.filter((service) => names.includes(service.name))
}

function documentOf(box: Box, { documentPath }: AppliedProject): FakeDocument {
  const text = documentPath === null ? undefined : box.files.get(documentPath)
  if (text === undefined) throw failed(`open ${documentPath}: no such file or directory`)
  return JSON.parse(text) as FakeDocument
}

function pull(box: Box, image: string, isBuilt = false): void {
  if (box.images.has(image)) return
  if (isBuilt) throw failed(`No such image: ${image}`)
  if (!isInRegistry(image)) throw failed(`manifest for ${image} not found: manifest unknown`)
  box.images.set(image, 'registry')
}

function build(box: Box, { image, context }: ResolvedService): void {
  box.images.set(image, builtFrom(box, context ?? ''))
}

/** What an image is that is built from this folder as it lies there now. */
export function builtFrom(box: Box, context: string): string {
  const files = Object.entries(box.workTree).filter(([path]) => path.startsWith(`${context}/`))
  return digest(JSON.stringify(files)).slice(0, 12)
}

function failed(message: string): StackError {
  return new StackError('STACK_COMPOSE_FAILED', message, { hint: 'mend what it names' })
}
