import { setImmediate as nextTurn } from 'node:timers/promises'

import { type Channel, openChannel } from './channel.ts'
import { runCommand } from './command.ts'
import { hookContext } from './context.ts'
import type { Told } from './told.ts'

type Run = (...args: readonly unknown[]) => unknown
/** A module of a stacklet, in either kind of module. */
type Loaded = { readonly run?: Run; readonly default?: Run | { readonly run?: Run } }

/** The way a hook or command goes: hear what it is, run it, and tell in the end why it failed. */
export async function run(load: () => Promise<unknown>): Promise<void> {
  const channel = openChannel(3)
  const told = channel.greeting()
  if (told === null) process.exit(1)
  process.on('uncaughtException', (error) => fail(error, told, channel))
  const neverEnds = () => fail(new Error('it waits for something that never comes'), told, channel)
  process.once('beforeExit', neverEnds)
  process.argv =
    told.command === null ? [process.execPath, told.file] : ['stack', told.id, told.command.name, ...told.command.args]

  try {
    const found = runOf((await load()) as Loaded)
    if (told.command !== null) await runCommand(found, told, told.command, channel)
    else if (found !== undefined) await runHook(found, told, channel)
    process.off('beforeExit', neverEnds)
  } catch (error) {
    fail(error, told, channel)
  }
}

/** Its end is the end, whatever it left open; what it did not wait for may still fail it. */
async function runHook(run: Run, told: Told, channel: Channel): Promise<never> {
  const { ctx, settled } = hookContext(told, channel)
  await run(ctx)
  await settled()
  await nextTurn()
  process.exit()
}

function runOf({ run, default: main }: Loaded): Run | undefined {
  if (run !== undefined) return run
  return typeof main === 'function' ? main : main?.run
}

/** A person at a terminal wants only the text; a hook's author the trace, through the hook's own files. */
function fail(thrown: unknown, { command }: Told, channel: Channel): void {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const isShort = command !== null && !command.isCalled
  process.stderr.write(`${isShort ? error.message : traced(error)}\n`)
  channel.tell('failed', { text: error.message || error.name })
  process.exit(1)
}

function traced(error: Error): string {
  const lines = (error.stack ?? error.message).split('\n')
  return lines.filter((line) => !/\/sdk\/runner\/|node:internal|\(?stack:\d+/.test(line)).join('\n')
}
