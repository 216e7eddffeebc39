import { setMaxListeners } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { exitCodes } from '../cli/exit-codes.ts'
import { tellError } from '../cli/show/error.ts'
import { processTerminal, type Terminal } from '../cli/terminal.ts'
import { holdFileLock } from '../reconciler/adapters/process/file-lock.ts'
import { asStackError, StackError } from '../reconciler/index.ts'
import { type Places, placesIn } from './places.ts'
import { showDemo } from './show-demo.ts'
import { stopDemo } from './stop.ts'
import { voiceOn } from './voice.ts'

const usage = `npm run demo [-- --yes] [-- --stop]

Shows a Docker host that follows a git repository, with the shipped example.
  --yes    do not ask before Docker is unpacked, where there is none
  --stop   remove everything that the demo made`

process.exitCode = await main(process.argv.slice(2))

async function main(argv: readonly string[]): Promise<number> {
  const stop = new AbortController()
  // A dozen packages are unpacked at once, and each listens.
  setMaxListeners(0, stop.signal)
  const stopped = onSignals(stop)
  const terminal = processTerminal(stop.signal)
  try {
    await act(readFlags(argv), terminal)
    return exitCodes.done
  } catch (thrown) {
    if (stopped.code !== null)
      terminal.tell('Stopped halfway. npm run demo goes on; npm run demo -- --stop removes it.')
    else tellError(asStackError(thrown), terminal)
    return stopped.code ?? (asStackError(thrown).code === 'STACK_USAGE' ? exitCodes.usage : exitCodes.failed)
  }
}

type Flags = { readonly yes: boolean; readonly stop: boolean; readonly help: boolean }

function readFlags(argv: readonly string[]): Flags {
  const flag = { type: 'boolean', default: false } as const
  try {
    return parseArgs({ args: [...argv], options: { yes: flag, stop: flag, help: flag } }).values
  } catch (cause) {
    const message = (cause as Error).message.split('. ')[0] ?? 'this cannot be read'
    throw new StackError('STACK_USAGE', message, { hint: 'npm run demo -- --help shows what there is', cause })
  }
}

async function act({ yes, stop, help }: Flags, terminal: Terminal): Promise<void> {
  if (help) return terminal.print(usage)
  const places = placesIn(terminal.env)
  const voice = voiceOn(terminal)
  await alone(places, () => (stop ? stopDemo(places, voice) : showDemo({ places, terminal, voice, yes })))
}

/** Two demos at once would write into one copy. */
async function alone(places: Places, work: () => Promise<void>): Promise<void> {
  const path = `${places.copy}.lock`
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const lock = await holdFileLock({ path, wait: 'no', owner: `${process.pid}` })
  if ('heldBy' in lock) {
    throw new StackError('STACK_LOCKED', `another demo runs already (process ${lock.heldBy})`, {
      hint: 'wait until it has ended',
    })
  }
  try {
    await work()
  } finally {
    await lock.release()
  }
}

/** The first signal lets what runs end in order; a second one ends us at once. */
function onSignals(stop: AbortController): { code: number | null } {
  const stopped: { code: number | null } = { code: null }
  const codes = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated }
  for (const [signal, code] of Object.entries(codes)) {
    process.once(signal, () => {
      stopped.code = code
      stop.abort()
    })
  }
  return stopped
}
