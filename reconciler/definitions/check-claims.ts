import type { ComposeProject, ComposeService, PublishedPort } from '../model/compose-project.ts'
import type { StackletId } from '../model/names.ts'
import { formatPosition, type Problem, type SourcePosition } from '../model/problem.ts'
import type { Stacklet } from '../model/stacklet.ts'
import { type ComposeSource, readComposeSource } from './conventions/compose-source.ts'

/** A stacklet with what Compose makes of it. */
export interface Claimant {
  readonly stacklet: Stacklet
  readonly project: ComposeProject
}

/** Something on the host that only one stacklet can have. */
interface Claim {
  readonly id: StackletId
  /** `the container name stack-web`. */
  readonly what: string
  readonly hint: string
  /** Asked only of those that clash: the file has to be parsed for it. */
  readonly at: () => SourcePosition
  readonly port: PublishedPort | null
}

/** Two stacklets that want one published port, container name, project name or volume: an error at each, naming the other's place. */
export function checkClaims(claimants: readonly Claimant[]): readonly Problem[] {
  const claims = claimants.flatMap(claimsOf)
  const alike = bySubject(claims)
  return claims.flatMap((claim) => {
    const rival = alike.get(claim.what)?.find((other) => other.id !== claim.id && areOne(claim, other))
    return rival === undefined ? [] : [clash(claim, rival)]
  })
}

/** Claims of different things never meet; two of one port may, whatever their addresses. */
function bySubject(claims: readonly Claim[]): ReadonlyMap<string, readonly Claim[]> {
  const alike = new Map<string, Claim[]>()
  for (const claim of claims) {
    const others = alike.get(claim.what)
    if (others === undefined) alike.set(claim.what, [claim])
    else others.push(claim)
  }
  return alike
}

function clash({ id, what, hint, at }: Claim, rival: Claim): Problem {
  const message = `${id} and ${rival.id} both claim ${what}, see ${formatPosition(rival.at())}`
  return { level: 'error', code: 'duplicate', message, hint, at: at(), about: id }
}

function areOne(one: Claim, other: Claim): boolean {
  if (one.port === null || other.port === null) return one.what === other.what
  return one.port.port === other.port.port && one.port.protocol === other.port.protocol && meet(one.port, other.port)
}

/** An address of everywhere includes every other one. */
function meet(one: PublishedPort, other: PublishedPort): boolean {
  return one.address === other.address || [one, other].some(({ address }) => everywhere.includes(address))
}

const everywhere: readonly string[] = ['0.0.0.0', '::', '[::]', '']

function claimsOf({ stacklet, project }: Claimant): readonly Claim[] {
  const claim = (
    what: string,
    hint: string,
    pathIn: (source: ComposeSource) => Path,
    port: PublishedPort | null = null,
  ) => {
    return { id: stacklet.id, what, hint, at: () => placeIn(stacklet, pathIn), port }
  }
  const name = claim(`the project name ${project.name}`, `write name: stack-${stacklet.id}`, () => ['name'])
  const volumes = project.volumes
    .filter((volume) => !volume.external)
    .map(({ name: volume }) => {
      const hint = 'give one of them another name, or make it external: true in both'
      return claim(`the volume ${volume}`, hint, (source) => ['volumes', volumeKey(volume, source)])
    })
  const services = project.services.flatMap((service) => {
    const path = ['services', service.name]
    const named = service.containerName
    const hint = `begin it with stack-${stacklet.id}`
    return [
      ...(named === null ? [] : [claim(`the container name ${named}`, hint, () => [...path, 'container_name'])]),
      ...service.ports.map((port) => {
        const portHint = 'publish another port in one of them, or declare one of them stopped'
        return claim(wordsFor(port), portHint, (source) => [...path, 'ports', indexOf(port, service, source)], port)
      }),
    ]
  })
  return [name, ...volumes, ...services]
}

type Path = readonly (string | number)[]

function placeIn(stacklet: Stacklet, pathIn: (source: ComposeSource) => Path): SourcePosition {
  const file = `${stacklet.path}/docker-compose.yml`
  const source = readComposeSource(stacklet.compose ?? '', file)
  return source === null ? { file, line: 0, column: 0 } : source.at(pathIn(source))
}

function wordsFor({ port, protocol }: PublishedPort): string {
  return protocol === 'tcp' ? `port ${port}` : `port ${port}/${protocol}`
}

function volumeKey(volume: string, source: ComposeSource): string {
  const keys = Object.keys((source.top['volumes'] ?? {}) as object)
  return keys.find((key) => volume === key || volume.endsWith(`_${key}`)) ?? keys[0] ?? volume
}

/** The entry that says this port: by its number, or by its place among the others where the number is a variable. */
function indexOf({ port }: PublishedPort, service: ComposeService, source: ComposeSource): number {
  const entries = source.services.find(({ key }) => key === service.name)?.table['ports']
  const written = Array.isArray(entries) ? entries.map((entry) => JSON.stringify(entry)) : []
  const found = written.findIndex((entry) => new RegExp(`(?<!\\d)${port}(?!\\d)`).test(entry))
  return found === -1
    ? Math.max(
        0,
        service.ports.findIndex((one) => one.port === port),
      )
    : found
}
