import { TomlError } from 'smol-toml'
import { ParseError } from 'toml-eslint-parser'
import type { Problem } from '../model/problem.ts'

/** Where reading stopped, and what usually helps there. Errors that are not about TOML are thrown on. */
export function explainSyntax(error: unknown, file: string): Problem {
  const { message, line, column } = syntaxFault(error)
  return {
    level: 'error',
    code: 'syntax',
    message: `not valid TOML: ${message}`,
    hint: syntaxHint(message),
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

function syntaxHint(message: string): string {
  return hints.find(([shape]) => shape.test(message))?.[1] ?? 'correct the file at that place'
}
