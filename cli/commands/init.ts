import { resolve } from 'node:path'
import { createInitialiser } from '../../reconciler/index.ts'
import { askText } from '../ask.ts'
import { exitCodes } from '../exit-codes.ts'
import { initDocument, initLines } from '../show/init.ts'
import type { CommandContext, JsonOption } from './command.ts'

export interface InitOptions extends JsonOption {
  readonly dataDir?: string
  readonly domain?: string
  readonly yes?: boolean
}

interface Answers {
  readonly dataDir: string
  readonly domain: string
  readonly timezone: string
}

/** Makes an instance here, or in the named folder. Asks a person three things, and nobody else anything. */
export async function init(
  { terminal }: CommandContext,
  directory: string | undefined,
  options: InitOptions,
): Promise<number> {
  const { cwd, env, isInteractive, signal } = terminal
  const folder = resolve(cwd, directory ?? (env['STACK_DIR'] || '.'))
  const initialiser = await createInitialiser(folder, { cwd, env, isInteractive })
  const proposed = proposalsOf(options, cwd)
  const isAsking = isInteractive && options.yes !== true && options.json !== true
  const answers =
    isAsking && (await initialiser.needsAnswers(signal)) ? await ask(proposed, options, terminal) : proposed
  const report = await initialiser.init(answers, signal)
  if (options.json === true) terminal.print(initDocument(report))
  else for (const line of initLines(report, cwd, terminal)) terminal.print(line)
  return exitCodes.done
}

function proposalsOf({ dataDir, domain }: InitOptions, cwd: string): Answers {
  return {
    dataDir: dataDir === undefined ? '~/stack-data' : absolute(dataDir, cwd),
    domain: domain ?? '',
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
  }
}

function absolute(dataDir: string, cwd: string): string {
  return dataDir.startsWith('~') ? dataDir : resolve(cwd, dataDir)
}

async function ask(proposed: Answers, options: InitOptions, terminal: CommandContext['terminal']): Promise<Answers> {
  const data = options.dataDir ?? (await askText('Where should stacklets keep their data?', proposed.dataDir, terminal))
  const domain =
    options.domain ?? (await askText('Domain below which services get names, or none for ports:', 'none', terminal))
  const timezone = await askText('Time zone:', proposed.timezone, terminal)
  terminal.signal.throwIfAborted()
  return { dataDir: absolute(data, terminal.cwd), domain: domain === 'none' ? '' : domain, timezone }
}
