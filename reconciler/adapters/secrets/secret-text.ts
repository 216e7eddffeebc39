import { parse, stringify, TomlError } from 'smol-toml'

import { StackError } from '../../model/errors.ts'

const file = '.stack/secrets.toml'

/**
 * The values in a text of secrets.toml, by name. Throws `STACK_SECRETS_BROKEN` for what is not a flat table of strings, and for
 * no text at all: we write none, and new secrets in place of lost ones would lock everybody out of their data.
 */
export function readSecrets(text: string): ReadonlyMap<string, string> {
  if (text === '') throw empty()
  return new Map(Object.entries(parsed(text)).map(([name, value]) => [name, asText(name, value, text)]))
}

/** Sorted by name. */
export function writeSecrets(secrets: ReadonlyMap<string, string>): string {
  return stringify(Object.fromEntries([...secrets].sort(([a], [b]) => (a < b ? -1 : 1)))) || '\n'
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof TomlError) throw broken(firstLine(error.message), error.line, error.column)
    throw error
  }
}

function asText(name: string, value: unknown, text: string): string {
  if (typeof value === 'string') return value
  const { line, column } = whereIs(name, text)
  throw broken(`${name} is not a text in quotes`, line, column)
}

/** The parser's message quotes the line it stumbled over, which holds a secret: only its first line is shown, and it is no cause. */
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace('Invalid TOML document: ', '')
}

/** The parser tells no positions of values. A key begins its line and is followed by `=` or a dot, or it is a table's. */
function whereIs(name: string, text: string): { readonly line: number; readonly column: number } {
  const lines = text.split('\n')
  const index = lines.findIndex((line) => keyOf(line) === name)
  return { line: index + 1, column: (lines[index]?.search(/\S/) ?? -1) + 1 }
}

function keyOf(line: string): string | undefined {
  return /^\s*\[*\s*["']?(.*?)["']?\s*[=.\]]/.exec(line)?.[1]
}

function empty(): StackError {
  return new StackError('STACK_SECRETS_BROKEN', `${file} is empty: what was in it is lost`, {
    hint: `bring it back from a backup; if there never were secrets, remove it: rm ${file}`,
    at: { file, line: 0, column: 0 },
    terminal: true,
  })
}

function broken(why: string, line: number, column: number): StackError {
  return new StackError('STACK_SECRETS_BROKEN', `${file} cannot be read: ${why}`, {
    hint: `write every line of ${file} as NAME = "value"; nothing was changed`,
    at: { file, line, column },
    terminal: true,
  })
}
