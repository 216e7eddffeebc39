const header = '# Written by stack from stacklet.toml and desired.toml; edits are overwritten.'

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  $: '\\$',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

/** The text of an `.env` file as Compose reads it, sorted by name: every value comes back exactly, nothing is interpolated. */
export function envText(values: readonly { readonly name: string; readonly text: string }[]): string {
  const lines = values.map(({ name, text }) => [name, `${name}="${escaped(text)}"`] as const)
  const sorted = lines.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line)
  return `${[header, ...sorted].join('\n')}\n`
}

function escaped(text: string): string {
  return text.replace(/[\\"$\n\r\t]/g, (character) => escapes[character] ?? character)
}
