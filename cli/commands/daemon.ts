import { exitCodes } from '../exit-codes.ts'
import { systemdTold } from '../systemd.ts'
import { watchers } from '../watchers.ts'
import type { CommandContext } from './command.ts'

/** Looks after this host until it is told to stop. */
export async function daemon({ terminal, reconciler }: CommandContext): Promise<number> {
  const { env, signal } = terminal
  const stack = await reconciler()
  await stack.daemon({ watchers: watchers(stack), onLooked: systemdTold(env) }, signal)
  return exitCodes.done
}
