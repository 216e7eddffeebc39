import { digest } from '../../../reconciler/lib/digest.ts'
import type { ComposeProject, ComposeService } from '../../../reconciler/model/compose-project.ts'
import { pinnedReference } from '../../../reconciler/model/locked-image.ts'
import type { Digest } from '../../../reconciler/model/names.ts'
import { Secret } from '../../../reconciler/model/secret.ts'
import type { ComposeAnswer, ComposeComplaint, ComposeRequest } from '../../../reconciler/ports/compose.ts'

/** The part of a Compose file that the fake reads. */
interface ComposeFile {
  readonly name?: string
  readonly services: Readonly<Record<string, ServiceText>>
}

interface ServiceText {
  readonly image?: string
  readonly build?: string
  readonly container_name?: string
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly healthcheck?: unknown
  readonly scale?: number
  readonly restart?: string
  readonly env_file?: string
}

/** A resolved document: everything that a container of each service is made from. */
export interface FakeDocument {
  readonly name: string
  readonly services: readonly ResolvedService[]
}

export interface ResolvedService {
  readonly name: string
  readonly image: string
  /** Where it is built, null when its image is pulled. */
  readonly context: string | null
  readonly containerName: string | null
  readonly replicas: number
  readonly port: number | null
  readonly mounts: readonly string[]
  readonly hasHealthcheck: boolean
  readonly restart: string
  readonly environment: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
}

export function resolve(request: ComposeRequest): ComposeAnswer {
  const unset = [...request.text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name)
  const complaints = unset.filter((name) => !(name in request.values)).map(unsetVariable)
  if (complaints.length > 0) return { kind: 'refused', complaints }
  const file = read(request.text.replace(/\$\{(\w+)\}/g, (_, name: string) => request.values[name] ?? ''))
  if (file === null) return { kind: 'refused', complaints: [noYaml] }
  const name = file.name ?? `stack-${request.id}`
  const names = Object.keys(file.services).sort()
  const services = names.map((service) => resolveService(service, file.services[service] ?? {}, name, request))
  const document: FakeDocument = { name, services }
  const project: ComposeProject = {
    name,
    services: services.map((service) => projectService(service, request)),
    networks: [{ name: 'stack', external: true, definition: '' as Digest }],
    volumes: [],
  }
  return { kind: 'resolved', project, document: new Secret(JSON.stringify(document)) }
}

function read(text: string): ComposeFile | null {
  try {
    const file = JSON.parse(text) as ComposeFile
    return typeof file.services === 'object' ? file : null
  } catch {
    return null
  }
}

function resolveService(
  name: string,
  text: ServiceText,
  project: string,
  { values, labels, directory, locked }: ComposeRequest,
): ResolvedService {
  const line = locked[name]
  const port = text.ports?.[0]?.split(':')[0]
  return {
    name,
    image:
      line !== undefined && line.image === text.image ? pinnedReference(line) : (text.image ?? `${project}-${name}`),
    context: text.build === undefined ? null : inside(directory, text.build),
    containerName: text.container_name ?? null,
    replicas: text.scale ?? 1,
    port: port === undefined ? null : Number(port),
    mounts: (text.volumes ?? []).map((volume) => inside(directory, volume.split(':')[0] ?? '')),
    hasHealthcheck: text.healthcheck !== undefined,
    restart: text.restart ?? 'no',
    environment: text.env_file === undefined ? {} : values,
    labels,
  }
}

/** `./conf` in a stacklet's directory, as a path of the instance. */
function inside(directory: string, path: string): string {
  return `${directory}/${path.replace(/^\.\//, '')}`.replace(/^\/instance\//, '')
}

function projectService(service: ResolvedService, { directory }: ComposeRequest): ComposeService {
  const prefix = `${inside(directory, '')}`
  return {
    name: service.name,
    containerName: service.containerName,
    image: service.image,
    isBuilt: service.context !== null,
    replicas: service.replicas,
    ports: service.port === null ? [] : [{ address: '0.0.0.0', port: service.port, protocol: 'tcp' }],
    sources: service.mounts.map((path) => path.slice(prefix.length)).sort(),
    context: service.context === null ? null : service.context.slice(prefix.length),
    hasHealthcheck: service.hasHealthcheck,
  }
}

/** Compose's own hash: of the service as written down, never of what lies in the files that it mounts. */
export function configHash({ replicas: _, ...service }: ResolvedService): string {
  return digest(JSON.stringify(service)).slice(0, 12)
}

function unsetVariable(name: string): ComposeComplaint {
  const message = `The "${name}" variable is not set`
  return { code: 'unset-variable', message, hint: `add ${name} under [env.defaults]`, line: 1, column: 1 }
}

const noYaml: ComposeComplaint = { code: 'compose', message: 'is no YAML', hint: 'mend it', line: 1, column: 1 }
