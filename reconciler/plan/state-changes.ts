import type { ObservedContainer } from '../model/actual.ts'
import type { Situation } from './situation.ts'
import type { Change } from './step.ts'

/** What a start puts right, container by container: nothing for one that no run saw well yet. */
export function startChanges({ wanted, entry, missing, stopped }: Situation): readonly Change[] {
  if (entry === null) return []
  const cause = entry.state === wanted.state ? 'changed on the host' : `declared ${wanted.state}`
  return [
    ...missing.map((service) => ({ field: `${service} container`, want: 'running', got: null, cause })),
    ...stopped.map((container) => ({ ...statusChange(container), cause })),
  ]
}

export function statusChange({ name, state }: ObservedContainer): Change {
  return { field: `${name} State.Status`, want: 'running', got: state, cause: 'changed on the host' }
}

export function healthChange({ name, health }: ObservedContainer): Change {
  return { field: `${name} State.Health.Status`, want: 'healthy', got: health, cause: 'its health check fails' }
}

/** Of one that should not be there at all. */
export function presenceChange({ name, state }: ObservedContainer, cause: string): Change {
  return { field: `${name} container`, want: null, got: state, cause }
}
