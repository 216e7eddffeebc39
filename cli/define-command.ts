import type { Command } from 'commander'

/** A command with its help and an example, and `--json`. */
export function command(program: Command, words: string, summary: string, example: string): Command {
  return plainCommand(program, words, summary, example).option('--json', 'print one JSON document on stdout')
}

/** The same for a command whose output is somebody else's words: a container's, or a script. */
export function plainCommand(program: Command, words: string, summary: string, example: string): Command {
  return program
    .command(words)
    .description(summary)
    .allowExcessArguments(false)
    .addHelpText('after', `\nExample:\n  $ ${example}`)
}
