import { execa } from 'execa'
import { StackError } from '../reconciler/model/errors.ts'

import { stackCommand } from './places.ts'
import type { Voice } from './voice.ts'

export interface StackCall {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  readonly voice: Voice
}

/** Runs the real command where everybody can see it, in our own terminal. Throws when it did not end with one of these codes. */
export async function stack(words: readonly string[], codes: readonly number[], call: StackCall): Promise<void> {
  const { folder: cwd, env, signal, voice } = call
  const command = ['stack', ...words].join(' ')
  voice.command(command)
  const [program = '', ...first] = stackCommand()
  const { exitCode } = await execa(program, [...first, ...words], {
    cwd,
    env,
    extendEnv: false,
    stdio: 'inherit',
    reject: false,
    // The command ends its own children, which can take longer than execa's five seconds.
    cancelSignal: signal,
    forceKillAfterDelay: false,
    // It would end us at the first signal, before the command has ended.
    cleanup: false,
  })
  signal.throwIfAborted()
  if (exitCode !== undefined && codes.includes(exitCode)) return
  throw new StackError('STACK_BUG', `${command} exited ${exitCode ?? 'by a signal'}`, {
    hint: `its words are above; look at ${cwd}, or begin again: npm run demo -- --stop && npm run demo`,
  })
}
