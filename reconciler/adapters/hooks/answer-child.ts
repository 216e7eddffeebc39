import { StackError } from '../../model/errors.ts'
import type { StackletId } from '../../model/names.ts'
import { isStackletId } from '../../model/names.ts'
import { Secret } from '../../model/secret.ts'
import type { Ask } from './child-channel.ts'
import type { HookWorld } from './hook-world.ts'
import type { OwnSettings } from './own-settings.ts'

export interface Asked {
  readonly id: StackletId
  readonly world: HookWorld
  readonly settings: OwnSettings
  readonly signal: AbortSignal
  /** Called with every value that becomes a secret, before it is kept. */
  readonly learn: (value: string) => void
  readonly callCommand: (called: CalledCommand) => Promise<unknown>
}

export interface CalledCommand {
  readonly id: StackletId
  readonly command: string
  readonly args: readonly string[]
}

/** What a program of a stacklet gets when it asks. Rejects with what it should be told. */
export async function answerChild(ask: Ask, asked: Asked): Promise<unknown> {
  switch (ask.ask) {
    case 'secret':
      return secretOf(ask, asked)
    case 'set-secret':
      return setSecret(ask, asked)
    case 'set-setting':
      return asked.settings.set(ask.key, ask.value, asked.signal)
    case 'run-command':
      return asked.callCommand({ id: stackletId(ask.id), command: ask.command, args: ask.args })
    case 'is-healthy':
      return asked.world.isHealthy(asked.id, asked.signal)
    default:
      throw new Error('stack does not understand the question')
  }
}

/** Its own, else the one for all. An empty value is none. Read anew: others write too. */
async function secretOf({ scope, name }: Extract<Ask, { ask: 'secret' }>, { world, learn }: Asked) {
  const secrets = await world.memory.secrets.read()
  const value = secrets[`${scope}__${name}`]?.reveal() || secrets[`global__${name}`]?.reveal() || null
  if (value !== null) learn(value)
  return value
}

async function setSecret({ scope, name, value }: Extract<Ask, { ask: 'set-secret' }>, asked: Asked): Promise<void> {
  asked.learn(value)
  await asked.world.memory.secrets.set(`${scope}__${name}`, new Secret(value), asked.signal)
}

function stackletId(text: string): StackletId {
  if (isStackletId(text)) return text
  throw new StackError('STACK_UNKNOWN_STACKLET', `${JSON.stringify(text)} is not the name of a stacklet`, {
    hint: 'stack list shows what there is',
  })
}
