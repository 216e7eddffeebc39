import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Terminal } from './terminal.ts'

/** Questions to a person. Whoever asks has made sure that somebody sits there: `terminal.isInteractive`. */

/** Anything but a clear yes is no. */
export async function askYes(question: string, terminal: Terminal): Promise<boolean> {
  return /^y(?:es)?$/i.test((await ask(`${question} [y/N] `, terminal)).trim())
}

/** Only that very word is consent; anything else is none. */
export async function askWord(word: string, terminal: Terminal): Promise<boolean> {
  return (await ask(`Type ${word} to go on: `, terminal)).trim() === word
}

/** Enter takes the proposal. */
export async function askText(question: string, proposal: string, terminal: Terminal): Promise<string> {
  const answer = await ask(`${question} [${proposal}] `, terminal)
  return answer.trim() === '' ? proposal : answer.trim()
}

/** What is typed does not appear. */
export async function askHidden(question: string, terminal: Terminal): Promise<string> {
  terminal.tell(question)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  return ask('', terminal, nowhere)
}

async function ask(
  question: string,
  { signal }: Terminal,
  output: NodeJS.WritableStream = process.stderr,
): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output, terminal: true })
  // Raw mode swallows Ctrl-C: it is handed on to whoever listens for the signal.
  prompt.once('SIGINT', () => {
    process.kill(process.pid, 'SIGINT')
    prompt.close()
  })
  const ended = new Promise<string>((resolve) => prompt.once('close', () => resolve('')))
  try {
    return await Promise.race([prompt.question(question, { signal }), ended])
  } finally {
    prompt.close()
  }
}
