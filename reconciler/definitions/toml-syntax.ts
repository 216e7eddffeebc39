import { TomlError } from 'smol-toml'
import { ParseError } from 'toml-eslint-parser'
import type { Problem } from '../model/problem.ts'

/** Where reading stopped, and what usually helps there. Errors that are not about TOML are thrown on. */
export function explainSyntax(error: unknown, file: string, text = ''): Problem {
  const { message, line, column } = syntaxFault(error)
  const written = text.split('\n')[line - 1]?.trim() ?? ''
  return {
    level: 'error',
    code: 'syntax',
    message: `not valid TOML: ${message}`,
    hint: hintFor(written, message),
    at: { file, line, column },
    about: null,
  }
}

function syntaxFault(error: unknown): { message: string; line: number; column: number } {
  if (error instanceof TomlError) {
    const message = error.message.split('\n')[0]?.replace('Invalid TOML document: ', '') ?? 'unreadable'
    return { message, line: error.line, column: error.column }
  }
  if (error instanceof ParseError) {
    return { message: error.message.toLowerCase(), line: error.lineNumber, column: error.column + 1 }
  }
  throw error
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/redefine/, 'keep one of the two, or merge them'],
  [/invalid value/, 'write text in quotes, true or false in lower case, and something after every ='],
  [/control characters|unfinished string/, 'close the quotes on the same line, or use """ for several lines'],
  [/illegal character in key|end of key/, 'write name = value, and put names with other characters in quotes'],
  [/end-of-line/, 'start a new line, or put the text in quotes'],
  [/escape/, "write \\\\ for a backslash, or use single quotes: 'C:\\path'"],
  [/leading zero/, 'take the leading zero away, or put the number in quotes'],
  [/losslessly/, 'put the number in quotes'],
  [/unfinished array/, 'close the list with ]'],
]

/** `written`: the line where reading stopped. */
function hintFor(written: string, message: string): string {
  if (/^\[[^\]]*$/.test(written)) return `close the bracket: ${written}${written.startsWith('[[') ? ']]' : ']'}`
  const name = /^([\w.-]+)\s*=/.exec(written)?.[1]
  if (name !== undefined && message.includes('redefine')) return `${name} stands there twice: keep one of the two`
  return syntaxHint(message)
}

function syntaxHint(message: string): string {
  return hints.find(([shape]) => shape.test(message))?.[1] ?? 'correct the file at that place'
}
