import { homedir } from 'node:os'
import type { Terminal } from '../cli/terminal.ts'

/** How the demo speaks: everything is its result, so everything goes to stdout. */
export interface Voice {
  /** A new part of the story. */
  readonly chapter: (text: string) => void
  readonly line: (text: string) => void
  /** A command, as a person would type it. */
  readonly command: (text: string) => void
  /** One line of what a program says on the way; nobody has to read it. */
  readonly aside: (text: string) => void
}

export function voiceOn({ print, paint }: Terminal): Voice {
  return {
    chapter: (text) => print(`\n${paint('bold', text)}`),
    line: print,
    command: (text) => print(`\n${paint('cyan', `$ ${text}`)}`),
    aside: (text) => print(paint('dim', `  ${text}`)),
  }
}

/** `~/.cache/stackloop/demo`, as a person would write it. */
export function shortPath(path: string): string {
  const home = homedir()
  return home !== '/' && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path
}
