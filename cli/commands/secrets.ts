import { previousName, Secret, StackError } from '../../reconciler/index.ts'
import { askHidden, askYes } from '../ask.ts'
import { exitCodes } from '../exit-codes.ts'
import { readStdin } from '../read-stdin.ts'
import { document } from '../show/json.ts'
import { secretLines, secretsDocument } from '../show/secrets.ts'
import type { CommandContext, JsonOption } from './command.ts'

export interface RotateOptions extends JsonOption {
  readonly yes?: boolean
}

export async function listSecrets({ terminal, reconciler }: CommandContext, { json }: JsonOption): Promise<number> {
  const names = await (await reconciler()).secrets.list()
  if (json === true) terminal.print(secretsDocument(names))
  else for (const line of secretLines(names)) terminal.print(line)
  return exitCodes.done
}

export async function getSecret(
  { terminal, reconciler }: CommandContext,
  name: string,
  { json }: JsonOption,
): Promise<number> {
  const value = (await (await reconciler()).secrets.get(name)).reveal()
  terminal.print(json === true ? document({ name, value }) : value)
  return exitCodes.done
}

/** The value comes from stdin or is typed unseen: words of a command line are for every user of the host to read. */
export async function setSecret(
  { terminal, reconciler }: CommandContext,
  name: string,
  { json }: JsonOption,
): Promise<number> {
  const { secrets } = await reconciler()
  const isTyped = process.stdin.isTTY === true
  const value = isTyped ? await askHidden(`Value of ${name}:`, terminal) : await readStdin(terminal.signal)
  terminal.signal.throwIfAborted()
  if (value === '') throw noValue(name)
  await secrets.set(name, new Secret(value), terminal.signal)
  const next = 'stack reconcile hands it to who uses it'
  terminal.print(json === true ? document({ name, done: true }) : `${name} is set; ${next}.`)
  return exitCodes.done
}

export async function removeSecret(
  { terminal, reconciler }: CommandContext,
  name: string,
  { json }: JsonOption,
): Promise<number> {
  await (await reconciler()).secrets.remove(name, terminal.signal)
  const next = 'one that is generated is made anew by the next run that needs it'
  terminal.print(json === true ? document({ name, done: true }) : `${name} is gone; ${next}.`)
  return exitCodes.done
}

export async function rotateSecret(
  { terminal, reconciler }: CommandContext,
  name: string,
  { json, yes }: RotateOptions,
): Promise<number> {
  const { secrets } = await reconciler()
  await secrets.get(name)
  const warning = `A database may keep the value that it took at its first start: ${name} has to be changed there too.`
  terminal.tell(warning)
  if (!(await mayRotate(name, yes === true, terminal))) {
    const said = `${name} was not rotated: it needs consent, on a terminal or with --yes.`
    terminal.print(json === true ? document({ name, done: false, warning }) : said)
    return exitCodes.held
  }
  await secrets.rotate(name, terminal.signal)
  const previous = previousName(name)
  const next = `stack reconcile hands it out; until that is done ${previous} is what it was.`
  terminal.print(json === true ? document({ name, done: true, previous, warning }) : `${name} is another; ${next}`)
  return exitCodes.done
}

async function mayRotate(name: string, yes: boolean, terminal: CommandContext['terminal']): Promise<boolean> {
  if (yes) return true
  return terminal.isInteractive && askYes(`Make a new value for ${name}?`, terminal)
}

function noValue(name: string): StackError {
  const hint = `write it to stdin: stack secrets set ${name} < FILE`
  return new StackError('STACK_USAGE', `there is no value for ${name}`, { hint, terminal: true })
}
