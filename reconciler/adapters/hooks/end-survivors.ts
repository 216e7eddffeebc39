import type { StartedHook } from '../../model/hook.ts'
import { isRunning } from '../process/process-identity.ts'
import { endMarked } from './marked-processes.ts'
import { endEverything, graceMs } from './supervise.ts'

/** A group is told only while its leader is the one we started: later its number may be somebody else's. The mark never is. */
export async function endSurvivors(started: StartedHook): Promise<void> {
  if (await isRunning(started)) return endEverything(started)
  await endMarked(started.mark, graceMs)
}
