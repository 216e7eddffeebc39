import type { Step } from '../../plan/step.ts'
import type { StepContext } from '../run-context.ts'
import { awaitHealth } from './await-health.ts'
import { bringUp } from './bring-up.ts'
import { endProject, pauseContainers, removeContainer, unpauseContainers } from './containers.ts'
import { handOver } from './hand-over.ts'
import { buildImage, pullImage } from './images.ts'
import { mergeNetworks } from './merge-networks.ts'
import { noteLeaving, noteState } from './note-state.ts'
import { purgeData } from './purge-data.ts'
import { createNetwork, finishSetup, forget, trashData, writeEnv, writeSecrets } from './records.ts'
import { reconnect, rename, replaceNetwork, replaceVolume, restart, update } from './repairs.ts'
import { checkRoute, restoreRoutes, route, unroute } from './routes.ts'
import { runHook } from './run-hook.ts'
import { startService, stopService } from './services.ts'

type Handler<Kind extends Step['kind']> = (step: Extract<Step, { kind: Kind }>, context: StepContext) => Promise<void>
type Handlers = { readonly [Kind in Step['kind']]: Handler<Kind> }

/** How each kind of step is done. A kind without a handler does not compile. */
const handlers: Handlers = {
  'create-network': createNetwork,
  'merge-networks': mergeNetworks,
  'write-secrets': writeSecrets,
  'write-env': writeEnv,
  'run-hook': runHook,
  'pull-image': pullImage,
  'build-image': buildImage,
  'remove-foreign': removeContainer,
  'remove-orphan': removeContainer,
  'start-service': startService,
  'stop-service': stopService,
  unpause: unpauseContainers,
  rename,
  reconnect,
  update,
  restart,
  'replace-network': replaceNetwork,
  'replace-volume': replaceVolume,
  start: bringUp,
  replace: bringUp,
  'await-health': awaitHealth,
  'check-route': checkRoute,
  route,
  unroute,
  'restore-routes': restoreRoutes,
  'finish-setup': finishSetup,
  pause: async (step, context) => {
    await pauseContainers(step, context)
    await noteState(step.stacklet, context)
  },
  stop: async (step, context) => {
    await noteState(step.stacklet, context, step.because === 'asked to restart' ? 'stopped' : null)
    await endProject('stop', step.stacklet, context)
  },
  remove: async (step, context) => {
    await noteLeaving(step.stacklet, context)
    await endProject('down', step.stacklet, context)
  },
  'trash-data': trashData,
  'purge-data': purgeData,
  forget,
  'hand-over': handOver,
}

/** Does one step. Resolves when it is done; throws with the reason when it is not. */
export function handle<Kind extends Step['kind']>(
  step: Extract<Step, { kind: Kind }>,
  context: StepContext,
): Promise<void> {
  const handler = handlers[step.kind] as Handler<Kind>
  return handler(step, context)
}
