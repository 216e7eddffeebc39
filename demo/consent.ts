import { createInterface } from 'node:readline/promises'
import type { Terminal } from '../cli/terminal.ts'

/** Asks a person, and takes Enter for yes. Where nobody can be asked, or `--yes` was said, the answer is yes. */
export async function consents(question: string, terminal: Terminal, yes: boolean): Promise<boolean> {
  if (yes || !terminal.isInteractive) return true
  const prompt = createInterface({ input: process.stdin, output: process.stdout })
  try {
    // Ctrl-C and Ctrl-D reject, and mean no.
    const answer = await prompt.question(`${question} [Y/n] `, { signal: terminal.signal }).catch(() => 'no')
    return /^(?:y|yes)?$/i.test(answer.trim())
  } finally {
    prompt.close()
  }
}
