import { relative } from 'node:path'
import { z } from 'zod'
import { digestOf } from '../../lib/digest.ts'
import { familiarName, parseImageReference } from '../../lib/image-reference.ts'
import type { BuildWords, ComposeProject, ComposeService, PublishedPort } from '../../model/compose-project.ts'
import { type LockedImage, pinnedReference, serviceOfLine } from '../../model/locked-image.ts'
import type { Digest } from '../../model/names.ts'

/** The parts of `compose config --format json` that planning needs; everything else passes through untouched. */
const Labels = z.record(z.string(), z.string().nullable()).nullish()
const FileSource = z.looseObject({ source: z.string().optional() })
/** Compose leaves zeros out when it prints a limit, and refuses to read what it printed. */
const Ulimit = z.looseObject({ soft: z.number().default(0), hard: z.number().default(0) })
const Service = z.looseObject({
  container_name: z.string().optional(),
  image: z.string().optional(),
  build: z
    .looseObject({
      context: z.string().optional(),
      dockerfile: z.string().optional(),
      target: z.string().optional(),
      args: z.record(z.string(), z.coerce.string().nullable()).nullish(),
      additional_contexts: z.record(z.string(), z.string()).nullish(),
    })
    .nullish(),
  scale: z.number().optional(),
  deploy: z.looseObject({ replicas: z.number().optional() }).nullish(),
  ports: z
    .array(
      z.looseObject({
        published: z.coerce.string().optional(),
        target: z.number().optional(),
        host_ip: z.string().optional(),
        protocol: z.string().optional(),
      }),
    )
    .nullish(),
  volumes: z.array(z.looseObject({ type: z.string(), source: z.string().optional() })).nullish(),
  configs: z.array(FileSource).nullish(),
  secrets: z.array(FileSource).nullish(),
  healthcheck: z.looseObject({ disable: z.boolean().optional() }).nullish(),
  ulimits: z.record(z.string(), z.union([z.number(), Ulimit])).nullish(),
  labels: Labels,
})
const Part = z.looseObject({
  name: z.string().optional(),
  external: z.boolean().optional(),
  driver: z.string().optional(),
  driver_opts: z.record(z.string(), z.coerce.string()).nullish(),
  internal: z.boolean().optional(),
  attachable: z.boolean().optional(),
  enable_ipv6: z.boolean().optional(),
  ipam: z.unknown().optional(),
})
const Named = z.record(z.string(), Part.nullable()).nullish()
const Files = z.record(z.string(), z.looseObject({ file: z.string().optional() })).nullish()
export const ComposeDocument = z.looseObject({
  name: z.string(),
  services: z.record(z.string(), Service),
  networks: Named,
  volumes: Named,
  configs: Files,
  secrets: Files,
})
export type ComposeDocument = z.infer<typeof ComposeDocument>
type Service = z.infer<typeof Service>

/** The document with our labels on every service: how we know our own. */
export function withLabels(document: ComposeDocument, labels: Readonly<Record<string, string>>): ComposeDocument {
  const services = Object.entries(document.services).map(([name, service]) => {
    return [name, { ...service, labels: { ...service.labels, ...labels } }] as const
  })
  return { ...document, services: Object.fromEntries(services) }
}

/** The document with the image of each service that is locked, unless its file means another one by now. */
export function withPins(document: ComposeDocument, locked: Readonly<Record<string, LockedImage>>): ComposeDocument {
  const services = Object.entries(document.services).map(([name, service]) => {
    const lines = Object.entries(locked).filter(([line]) => serviceOfLine(line) === name)
    return [name, lines.reduce((pinned, [, line]) => withPin(pinned, line), service)] as const
  })
  return { ...document, services: Object.fromEntries(services) }
}

/** What is built here is locked to what it is built upon: BuildKit takes that in the place of what its Dockerfile says. */
function withPin(service: Service, line: LockedImage): Service {
  const pinned = pinnedReference(line)
  if (!service.build) return service.image === line.image ? { ...service, image: pinned } : service
  const contexts = { [contextName(line.image)]: `docker-image://${pinned}`, ...service.build.additional_contexts }
  return { ...service, build: { ...service.build, additional_contexts: contexts } }
}

/** As BuildKit looks it up: familiar, with its tag unless that is the usual one. */
function contextName(image: string): string {
  const reference = parseImageReference(image)
  if (reference === null) return image
  const tag = reference.tag === null || reference.tag === 'latest' ? '' : `:${reference.tag}`
  return `${familiarName(reference)}${tag}`
}

/**
 * What planning needs of a resolved document; `declared` is the same without anything of ours. `directory` is the stacklet's,
 * absolute.
 */
export function projectOf(document: ComposeDocument, directory: string, declared = document): ComposeProject {
  const names = Object.keys(document.services).sort()
  return {
    name: document.name,
    services: names.map((name) => ({
      ...serviceOf(name, document, directory),
      ...buildWordsOf(declared.services[name] ?? {}),
    })),
    networks: named(document.networks),
    volumes: named(document.volumes),
  }
}

function serviceOf(name: string, document: ComposeDocument, directory: string): ComposeService {
  const service: Service = document.services[name] ?? {}
  return {
    name,
    containerName: service.container_name ?? null,
    image: service.image ?? `${document.name}-${name}`,
    isBuilt: service.build !== undefined && service.build !== null,
    replicas: service.scale ?? service.deploy?.replicas ?? 1,
    ports: (service.ports ?? []).flatMap(publishedPorts),
    sources: sourcesOf(service, document, directory),
    ...dockerfileOf(service),
    context: service.build?.context === undefined ? null : relative(directory, service.build.context),
    hasHealthcheck:
      service.healthcheck !== undefined && service.healthcheck !== null && service.healthcheck.disable !== true,
  }
}

function dockerfileOf({ build }: Service): Pick<ComposeService, 'dockerfile'> {
  const name = build?.dockerfile ?? 'Dockerfile'
  return name === 'Dockerfile' ? {} : { dockerfile: name }
}

function buildWordsOf({ build }: Service): Pick<ComposeService, 'words'> {
  const words: BuildWords = {
    target: build?.target ?? null,
    args: build?.args ?? {},
    contexts: Object.keys(build?.additional_contexts ?? {}),
  }
  const isSilent = words.target === null && Object.keys(words.args).length === 0 && words.contexts.length === 0
  return isSilent ? {} : { words }
}

function publishedPorts(port: NonNullable<Service['ports']>[number]): readonly PublishedPort[] {
  const published = Number(port.published)
  if (!Number.isInteger(published)) return []
  const protocol = port.protocol === 'udp' ? 'udp' : 'tcp'
  const target = port.target === undefined ? {} : { target: port.target }
  return [{ address: port.host_ip ?? '0.0.0.0', port: published, protocol, ...target }]
}

/** What the service reads, relative to the stacklet's directory: mounts, configs, secrets. */
function sourcesOf(service: Service, document: ComposeDocument, directory: string): readonly string[] {
  const mounts = (service.volumes ?? []).filter((volume) => volume.type === 'bind').map((volume) => volume.source)
  const configs = (service.configs ?? []).map((one) => document.configs?.[one.source ?? '']?.file)
  const secrets = (service.secrets ?? []).map((one) => document.secrets?.[one.source ?? '']?.file)
  const all = [...mounts, ...configs, ...secrets].filter((path) => path !== undefined)
  return [...new Set(all.map((path) => relative(directory, path)))].sort()
}

function named(entries: z.infer<typeof Named>): ComposeProject['networks'] {
  return Object.entries(entries ?? {}).map(([key, one]) => ({
    name: one?.name ?? key,
    external: one?.external ?? false,
    definition: definitionOf(one ?? {}),
  }))
}

/** What is said by default is the same as nothing; another version of Compose may say it or not. */
function definitionOf({
  driver,
  driver_opts,
  internal,
  attachable,
  enable_ipv6,
  ipam,
}: Partial<z.infer<typeof Part>>): Digest {
  const isUsual = driver === undefined || ['default', 'bridge', 'local'].includes(driver)
  const flags = [internal && 'internal', attachable && 'attachable', enable_ipv6 && 'ipv6'].filter(Boolean)
  const said = ipam === undefined || ipam === null ? '{}' : JSON.stringify(ipam)
  const texts = { ...driver_opts, driver: isUsual ? '' : driver, flags: flags.join(' '), ipam: said }
  return digestOf(texts).slice(0, 12) as Digest
}
