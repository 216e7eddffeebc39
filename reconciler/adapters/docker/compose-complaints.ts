import type { ComposeComplaint } from '../../ports/compose.ts'
import { type ComposeText, placeOf, placeOfText, placeOfVariable } from './compose-text.ts'

const unsetVariable = /The \\?"([^"\\]+)\\?" variable is not set/g

/** Variables that the file uses and nothing sets. Compose only warns, and would deploy an empty password. */
export function unsetVariables(stderr: string, text: ComposeText): readonly ComposeComplaint[] {
  const names = new Set([...stderr.matchAll(unsetVariable)].map((match) => match[1] ?? ''))
  return [...names].sort().map((name) => ({
    code: 'unset-variable',
    message: `uses \${${name}}, which is not set`,
    hint: unsetHint(name, text),
    ...placeOfVariable(text, name),
  }))
}

function unsetHint(name: string, { text }: ComposeText): string {
  const add = `add ${name} under [env.defaults] of its stacklet.toml`
  // Nobody writes a variable of the stacklet without braces; a shell in the container has many.
  if (new RegExp(`\\$${name}\\b`).test(text))
    return `${add}, or write $$${name} where a shell in the container is meant`
  return `${add}, or write \${${name}:-} where empty is meant`
}

const foreignKey = /Additional property (\S+) is not allowed/
/** Complaints that quote a value and say nothing of where it stands. */
const quotedValue = [/^env file .*?\/?([^/\s]+) not found/, /^[Ii]nvalid \w+: (\S+)/]
const dottedPath = /\b((?:services|networks|volumes|configs|secrets)(?:\.[\w-]+)+)/
const quotedService = /service "([\w.-]+)"/

/** Why Compose refuses the file, in its own words, at the place they name. */
export function refusal(stderr: string, text: ComposeText): ComposeComplaint {
  const words = lastLine(stderr)
  return {
    code: 'compose',
    message: `Compose refuses it: ${words}`,
    hint: 'mend the file; docs.docker.com/reference/compose-file describes every key',
    ...placeNamedIn(words, text),
  }
}

function placeNamedIn(words: string, text: ComposeText): ReturnType<typeof placeOf> {
  const value = quotedValue.map((shape) => shape.exec(words)?.[1]).find((found) => found !== undefined)
  if (value !== undefined) return placeOfText(text, value)
  const service = quotedService.exec(words)?.[1]
  const dotted = dottedPath.exec(words)?.[1] ?? (service === undefined ? '' : `services.${service}`)
  const key = foreignKey.exec(words)?.[1]
  return placeOf(text, key === undefined ? dotted : `${dotted}.${key}`)
}

/** Compose's last word, without what a terminal would colour and without its log prefix. */
export function lastLine(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.includes('level=warning'))
  return (lines.at(-1) ?? 'no reason given')
    .replace(/^Error(?: response from daemon)?: /, '')
    .replace(/^validating \S*: /, '')
    .replace(/^parsing \S*: /, '')
}
