import { digest } from '../../../reconciler/lib/digest.ts'
import type {
  ContainerHealth,
  ContainerState,
  Fingerprint,
  ObservedContainer,
} from '../../../reconciler/model/actual.ts'
import type { Texts } from '../texts.ts'

/** A container as the engine keeps it. How it does is worked out from its program and the time when somebody looks. */
export interface FakeContainer {
  readonly id: string
  readonly name: string
  readonly image: string
  readonly imageId: string
  readonly project: string | null
  readonly service: string | null
  readonly labels: Readonly<Record<string, string>>
  readonly environment: Readonly<Record<string, string>>
  readonly restart: string
  readonly port: number | null
  readonly hasHealthcheck: boolean
  /** Folders of the instance that it mounts: `stacklets/photos/conf`. */
  readonly mounts: readonly string[]
  /** What Compose compares to see whether it has to be made anew. */
  readonly configHash: string | null
  /** Fields that somebody changed by hand: `HostConfig.Memory`. */
  altered: Readonly<Record<string, string>>
  life: Life
  /** The engine died while it started it: it cannot be started any more. */
  isStuck: boolean
  /** What was in the mounted files when it was last started. */
  sees: Texts
}

export type Life =
  | { readonly kind: 'created' }
  | { readonly kind: 'running' | 'paused'; readonly sinceMs: number }
  | { readonly kind: 'exited'; readonly exitCode: number }

/** What a program does by itself, by the first part of its image. */
interface Program {
  /** Leaves by itself after that long. */
  readonly leaves?: { readonly afterMs: number; readonly exitCode: number }
  /** What its health check says, if it has one, before and after that long. */
  readonly health?: { readonly untilMs: number; readonly after: ContainerHealth }
  /** Its exit code when it is asked to stop. */
  readonly onStop: number
}

const programs: Readonly<Record<string, Program>> = {
  server: { onStop: 137 },
  worker: { onStop: 0 },
  /** Runs and looks well, and answers nobody. */
  mute: { onStop: 137 },
  slow: { onStop: 137, health: { untilMs: 2_000, after: 'healthy' } },
  sick: { onStop: 137, health: { untilMs: 1_000, after: 'unhealthy' } },
  job: { onStop: 143, leaves: { afterMs: 100, exitCode: 0 } },
  crasher: { onStop: 137, leaves: { afterMs: 50, exitCode: 3 } },
}

function programOf({ image }: FakeContainer): Program {
  return programs[image.split(':')[0] ?? ''] ?? { onStop: 137 }
}

export function isInRegistry(image: string): boolean {
  return (image.split(':')[0] ?? '') in programs
}

export function exitCodeOnStop(container: FakeContainer): number {
  return programOf(container).onStop
}

export function isUp(container: FakeContainer, nowMs: number): boolean {
  return ['running', 'restarting', 'paused'].includes(stateOf(container, nowMs).state)
}

export interface Seen {
  readonly state: ContainerState
  readonly health: ContainerHealth
  readonly exitCode: number
  readonly restarts: number
}

export function stateOf(container: FakeContainer, nowMs: number): Seen {
  const { life } = container
  const resting = { health: 'none', exitCode: 0, restarts: 0 } as const
  if (life.kind === 'created') return { ...resting, state: 'created' }
  if (life.kind === 'exited') return { ...resting, state: 'exited', exitCode: life.exitCode }
  if (life.kind === 'paused') return { ...resting, state: 'paused' }
  const ageMs = nowMs - life.sinceMs
  const { leaves } = programOf(container)
  const hasLeft = leaves !== undefined && ageMs >= leaves.afterMs
  if (!hasLeft) return { ...resting, state: 'running', health: healthAt(container, ageMs) }
  if (container.restart === 'no') return { ...resting, state: 'exited', exitCode: leaves.exitCode }
  const restarts = Math.floor(ageMs / leaves.afterMs)
  return { ...resting, state: 'restarting', exitCode: leaves.exitCode, restarts }
}

function healthAt(container: FakeContainer, ageMs: number): ContainerHealth {
  if (!container.hasHealthcheck) return 'none'
  const { health } = programOf(container)
  if (health === undefined) return 'healthy'
  return ageMs < health.untilMs ? 'starting' : health.after
}

export function fingerprintOf({ name, imageId, environment, labels, restart, altered }: FakeContainer): Fingerprint {
  const digests = (field: string, values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([key, text]) => [`${field}.${key}`, digest(text).slice(0, 12)] as const)
  return {
    Image: imageId,
    Name: name,
    ...(restart === 'no' ? {} : { 'HostConfig.RestartPolicy': restart }),
    ...Object.fromEntries(digests('Config.Env', environment)),
    ...Object.fromEntries(digests('Config.Labels', labels)),
    ...altered,
  }
}

export function observed(container: FakeContainer, nowMs: number): ObservedContainer {
  const { id, name, image, imageId, project, service, labels, port, life } = container
  return {
    ...{ id, name, image, imageId, project, service },
    ...stateOf(container, nowMs),
    startedAtMs: 'sinceMs' in life ? life.sinceMs : 0,
    instance: labels['stack.instance'] ?? null,
    stacklet: labels['stack.stacklet'] ?? null,
    isHelper: labels['stack.helper'] === 'true',
    isOneOff: labels['com.docker.compose.oneoff'] === 'True',
    ports: port === null ? [] : [{ address: '0.0.0.0', port, protocol: 'tcp' }],
    fingerprint: fingerprintOf(container),
  }
}
