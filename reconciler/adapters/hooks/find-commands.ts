import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

import { closest } from '../../lib/closest.ts'
import { StackError } from '../../model/errors.ts'
import type { StackletId } from '../../model/names.ts'
import type { StackletCommand } from '../../ports/hook-host.ts'
import { helpText } from './help-text.ts'

const kinds = ['.ts', '.js', '.py']

/** Every command in a stacklet's `cli/`, by name. Helpers begin with `_`. */
export async function findCommands(id: StackletId, root: string): Promise<readonly StackletCommand[]> {
  const folder = join(root, 'stacklets', id, 'cli')
  const files = (await readdir(folder).catch(() => [])).filter(isCommand).sort()
  const twice = files.filter((file) => files.some((other) => other !== file && nameOf(other) === nameOf(file)))
  if (twice.length > 0) throw ambiguous(id, twice)
  return Promise.all(
    files.map(async (file) => {
      const path = join(folder, file)
      return { name: nameOf(file), file: path, help: helpText(await readFile(path, 'utf8')) }
    }),
  )
}

export async function findCommand(id: StackletId, name: string, root: string): Promise<StackletCommand> {
  const commands = await findCommands(id, root)
  const found = commands.find((command) => command.name === name)
  if (found !== undefined) return found
  throw unknownCommand(id, name, commands)
}

function isCommand(file: string): boolean {
  return (
    kinds.includes(extname(file)) && !file.startsWith('_') && !file.endsWith('.d.ts') && nameOf(file) !== 'post_setup'
  )
}

function nameOf(file: string): string {
  return file.slice(0, -extname(file).length)
}

function ambiguous(id: StackletId, files: readonly string[]): StackError {
  const shown = files.map((file) => `cli/${file}`).join(' and ')
  return new StackError('STACK_INVALID', `${id} has one command twice: ${shown}`, {
    hint: 'keep one of them',
    terminal: true,
  })
}

function unknownCommand(id: StackletId, name: string, commands: readonly StackletCommand[]): StackError {
  const names = commands.map((command) => command.name)
  const meant = closest(name, names)
  const which = names.length === 0 ? `${id} has no commands` : `its commands: ${names.join(', ')}`
  return new StackError('STACK_USAGE', `${id} has no command ${JSON.stringify(name)}`, {
    hint: meant === null ? which : `did you mean ${meant}? ${which}`,
    terminal: true,
  })
}
