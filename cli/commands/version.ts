import { readFile } from 'node:fs/promises'
import { exitCodes } from '../exit-codes.ts'
import { document } from '../show/json.ts'
import type { CommandContext, JsonOption } from './command.ts'

export async function version({ terminal }: Pick<CommandContext, 'terminal'>, { json }: JsonOption): Promise<number> {
  const name = await installedVersion()
  terminal.print(json === true ? document({ stackloop: name, node: process.version }) : `stack ${name}`)
  return exitCodes.done
}

/** From the package that this file belongs to: one folder up in the sources, two in dist/. */
async function installedVersion(): Promise<string> {
  for (const up of ['../../package.json', '../../../package.json']) {
    const text = await readFile(new URL(up, import.meta.url), 'utf8').catch(() => null)
    if (text !== null) return String((JSON.parse(text) as { version?: unknown }).version)
  }
  return 'unknown'
}
