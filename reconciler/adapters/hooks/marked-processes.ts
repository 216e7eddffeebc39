import { endByEnvironment } from '../process/end-by-environment.ts'

/** An environment variable that everything a hook starts inherits, also what leaves its process group. */
export const markName = 'STACK_HOOK_MARK'

/** Ends every process that carries this mark: SIGTERM, and SIGKILL once `graceMs` have passed. Those of other users are left. */
export function endMarked(mark: string, graceMs: number): Promise<void> {
  return endByEnvironment((environment) => environment.includes(`${markName}=${mark}`), graceMs)
}
