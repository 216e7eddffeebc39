#!/usr/bin/env node
import { setMaxListeners } from 'node:events'
import { CommanderError } from 'commander'
import type { Reconciler } from '../reconciler/index.ts'
import type { CommandContext } from './commands/command.ts'
import { stackletCall } from './dispatch.ts'
import { exitCodes } from './exit-codes.ts'
import { buildProgram } from './program.ts'
import { processTerminal, type Terminal } from './terminal.ts'

process.exitCode = await main(process.argv.slice(2))
// A request that an engine never answers would keep a command which is over. What it said is out: pipes are written at once.
setTimeout(() => process.exit(), 1_000).unref()

/** What was typed. */
interface Call {
  /** Ours to read: of `exec` only what stands before `--`. */
  readonly words: readonly string[]
  readonly behindDashes: readonly string[] | null
  /** Nothing behind a stacklet's id is ours, `--json` neither. */
  isForStacklet: boolean
}

async function main(argv: readonly string[]): Promise<number> {
  const stop = new AbortController()
  setMaxListeners(0, stop.signal)
  const stopped = onSignals(stop)
  const terminal = processTerminal(stop.signal)
  const call = callOf(argv)
  try {
    const code = await runCommand(call, terminal)
    return isDaemon(call) ? code : (stopped.code ?? code)
  } catch (thrown) {
    terminal.live?.show(null)
    return stopped.code ?? (await explain(thrown, call, terminal))
  }
}

function callOf(argv: readonly string[]): Call {
  const dashes = argv[0] === 'exec' ? argv.indexOf('--') : -1
  if (dashes === -1) return { words: argv, behindDashes: null, isForStacklet: false }
  return { words: argv.slice(0, dashes), behindDashes: argv.slice(dashes + 1), isForStacklet: false }
}

async function runCommand(call: Call, terminal: Terminal): Promise<number> {
  let code: number = exitCodes.done
  const { words, behindDashes } = call
  const context = { terminal, reconciler: () => connect(terminal, call), behindDashes, ...stackletNames(terminal) }
  const program = buildProgram(context, (answer) => {
    code = answer
  })
  if (words[0] === '__complete') {
    await (await import('./commands/complete.ts')).complete(program, context, words.slice(1))
    return exitCodes.done
  }
  const theirs = await stackletCall(words, program, context)
  if (theirs !== null) {
    call.isForStacklet = true
    return (await import('./commands/stacklet-command.ts')).stackletCommand(context, theirs.id, theirs.words)
  }
  await program.parseAsync(meantBy(words), { from: 'user' })
  return code
}

/** Bare `stack` means status; `--version` means the command. */
function meantBy(argv: readonly string[]): string[] {
  if (argv.length === 0 || (argv.length === 1 && argv[0] === '--json')) return ['status', ...argv]
  if (argv[0] === '--version' || argv[0] === '-V') return ['version', ...argv.slice(1)]
  return [...argv]
}

/** Where a document is asked for, stdout is that document's: no hook gets our terminal. */
async function connect({ cwd, env, isInteractive }: Terminal, call: Call): Promise<Reconciler> {
  const { createReconciler } = await import('../reconciler/index.ts')
  const mayAsk = isInteractive && !asksForDocument(call) && !isDaemon(call)
  return createReconciler({ cwd, env, isInteractive: mayAsk, ...(isDaemon(call) ? { log: daemonLog() } : {}) })
}

function isDaemon({ words }: Call): boolean {
  return words[0] === 'daemon'
}

/** What a daemon has to say is its log. */
function daemonLog() {
  return { fd: 1, level: 'info', isPretty: process.stdout.isTTY === true }
}

function asksForDocument({ words, isForStacklet }: Call): boolean {
  return words.includes('--json') && !isForStacklet
}

/** Names that stand in directories: they are read only when somebody asks. */
function stackletNames({ cwd, env }: Terminal): Pick<CommandContext, 'stackletIds' | 'stackletCommands'> {
  const places = async () => {
    const { stackletPlaces } = await import('../reconciler/adapters/host/stacklet-ids.ts')
    return stackletPlaces(cwd, env['STACK_DIR'])
  }
  return {
    stackletIds: async () => (await places()).ids,
    async stackletCommands(id) {
      const { place, ids } = await places()
      const known = ids.find((one) => one === id)
      if (place === null || known === undefined) return []
      const { findCommands } = await import('../reconciler/adapters/hooks/find-commands.ts')
      return (await findCommands(known, place.root)).map((command) => command.name)
    },
  }
}

async function explain(thrown: unknown, call: Call, terminal: Terminal): Promise<number> {
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.done
  const { asStackError, StackError } = await import('../reconciler/index.ts')
  const { errorDocument, tellError } = await import('./show/error.ts')
  const error =
    thrown instanceof CommanderError
      ? new StackError('STACK_USAGE', usageMessage(thrown), { hint: usageHint(call.words) })
      : asStackError(thrown)
  if (asksForDocument(call)) terminal.print(errorDocument(error))
  else tellError(error, terminal)
  if (terminal.env['STACK_LOG'] === 'debug' && error.code === 'STACK_BUG')
    terminal.tell(String((thrown as Error).stack))
  return error.code === 'STACK_USAGE' ? exitCodes.usage : exitCodes.failed
}

function usageMessage(error: CommanderError): string {
  if (error.code === 'commander.help') return 'which of its commands? There are several'
  return error.message.replace(/^error: /, '').replaceAll('\n', ' ')
}

function usageHint([first, second]: readonly string[]): string {
  return first === 'secrets' && second === undefined
    ? 'stack secrets --help shows them'
    : 'stack --help shows every command'
}

/** The first signal cancels what runs, so that children are ended and files are whole; a second one ends us at once. */
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
