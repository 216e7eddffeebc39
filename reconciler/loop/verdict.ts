import type { ObservedContainer } from '../model/actual.ts'
import type { ComposeService } from '../model/compose-project.ts'
import { isDone } from '../plan/container-state.ts'

/** What one look says about containers that were just started. sick: waiting longer cannot help. */
export interface Verdict {
  readonly kind: 'well' | 'unsettled' | 'sick'
  readonly why: string
  /** Whose log tells more. */
  readonly container: ObservedContainer | null
}

/** Restarts after which a container that keeps leaving is called a crash loop. The engine's own back-off makes them quick. */
const crashLoop = 3

/** How long a container that already left once must stay up to be believed: the engine retries faster than this at first. */
const trustAfterMs = 5_000

/** Two looks at the same containers: restarts that the first one saw belong to an earlier life. */
export interface Looks {
  readonly first: readonly ObservedContainer[]
  readonly now: readonly ObservedContainer[]
  readonly nowMs: number
}

/** Judges by what the engine reports, without asking the services themselves. */
export function judge(services: readonly ComposeService[], looks: Looks): Verdict {
  const containers = looks.now
  const verdicts = [
    ...services.filter((service) => service.replicas > count(service, containers)).map(missing),
    ...containers.map((container) => verdictOn(container, looks)),
  ]
  return (
    verdicts.find((verdict) => verdict.kind === 'sick') ??
    verdicts.find((verdict) => verdict.kind === 'unsettled') ?? { kind: 'well', why: 'running', container: null }
  )
}

function count(service: ComposeService, containers: readonly ObservedContainer[]): number {
  return containers.filter((container) => container.service === service.name).length
}

function missing(service: ComposeService): Verdict {
  return { kind: 'sick', why: `service ${service.name} has no container`, container: null }
}

function verdictOn(container: ObservedContainer, looks: Looks): Verdict {
  const { name, state, health, exitCode } = container
  const say = (kind: Verdict['kind'], why: string): Verdict => ({ kind, why: `${name} ${why}`, container })
  if (isDone(container)) return say('well', 'did its work')
  if (isLooping(container, looks))
    return say('sick', `restarts in a loop${state === 'restarting' ? `, exit code ${exitCode}` : ''}`)
  if (state === 'exited' || state === 'dead') return say('sick', `exited with ${exitCode}`)
  if (state === 'paused') return say('sick', 'is paused')
  if (state !== 'running') return say('unsettled', `is ${state}`)
  if (health === 'unhealthy') return say('sick', 'fails its health check')
  if (health === 'starting') return say('unsettled', 'is still starting')
  return isTrusted(container, looks) ? say('well', 'is up') : say('unsettled', 'was restarted a moment ago')
}

function isLooping(container: ObservedContainer, looks: Looks): boolean {
  const isGoing = container.restarts >= crashLoop && container.state === 'restarting'
  return isGoing || container.restarts - restartsBefore(container, looks) >= crashLoop
}

function isTrusted(container: ObservedContainer, looks: Looks): boolean {
  return (
    container.restarts === 0 || container.health === 'healthy' || looks.nowMs - container.startedAtMs >= trustAfterMs
  )
}

function restartsBefore(container: ObservedContainer, { first }: Looks): number {
  return first.find((one) => one.id === container.id)?.restarts ?? 0
}
