import type { StackletId } from '../../model/names.ts'

export interface ManifestFacts {
  readonly id: StackletId
  readonly project: string
  readonly directory: string
  readonly port: number | null
  readonly secrets: readonly string[]
  readonly defaults: ReadonlyMap<string, string>
}

/** The text of stacklet.toml for a project that was not made for it. */
export function adoptedManifest({ id, project, directory, port, secrets, defaults }: ManifestFacts): string {
  const head = [
    `# Adopted from the Compose project ${project} in ${directory.replace(/[\p{Cc}]/gu, '?')}.`,
    `id = ${quoted(id)}`,
    `name = ${quoted(project)}`,
    ...(port === null ? [] : [`port = ${port}`]),
  ]
  const names = [...secrets].sort().map(quoted).join(', ')
  const generate =
    secrets.length === 0 ? [] : ['', '[env]', '# Their values lie in .stack/secrets.toml.', `generate = [${names}]`]
  const lines = [...defaults].map(([name, value]) => `${name} = ${quoted(literal(value))}`)
  const table = lines.length === 0 ? [] : ['', '[env.defaults]', ...lines]
  return `${[...head, ...generate, ...table].join('\n')}\n`
}

/** Braces would be variables of ours. */
function literal(value: string): string {
  return value.replaceAll('{', '{{').replaceAll('}', '}}')
}

/** A basic string of TOML escapes as JSON does. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f')
}
