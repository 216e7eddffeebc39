import { exitCodes } from '../exit-codes.ts'
import { tellSystemd } from '../systemd.ts'
import { watchers } from '../watchers.ts'
import type { CommandContext } from './command.ts'

/** Looks after this host until it is told to stop. */
export async function daemon({ terminal, reconciler }: CommandContext): Promise<number> {
  const { env, signal } = terminal
  const stack = await reconciler()
  const onReady = () => tellSystemd('--ready', env)
  await stack.daemon({ watchers: watchers(stack), onReady }, signal)
  return exitCodes.done
}
