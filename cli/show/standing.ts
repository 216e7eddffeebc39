import type { StackletStatus } from '../../reconciler/index.ts'

/** How a stacklet stands in the words that bots and scripts of the original system read. */
export function standingOf({ state, health, alwaysOn }: StackletStatus) {
  const isRunning = state === 'running'
  return {
    always_on: alwaysOn,
    enabled: state !== 'available',
    online: isRunning && health !== 'unhealthy',
    starting: isRunning && health === 'starting',
    degraded: isRunning && health === 'unhealthy',
  }
}
