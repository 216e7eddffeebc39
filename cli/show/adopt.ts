import type { Adopted } from '../../reconciler/index.ts'
import type { Terminal } from '../terminal.ts'
import { document } from './json.ts'
import { table } from './table.ts'

/** What a project has become, or would become: files, secrets by name, and what stays where it is. */
export function adoptLines(
  adopted: Adopted,
  isPreview: boolean,
  { paint }: Pick<Terminal, 'paint'>,
): readonly string[] {
  const { project, id, directory, files, secrets, stays, notes } = adopted
  const head = isPreview ? `${project} in ${directory} would become the stacklet ${id}:` : null
  return [
    head ?? `${paint('green', 'Adopted')} ${project} in ${directory} as the stacklet ${id}:`,
    ...files.map((path) => `  + ${path}`),
    ...(secrets.length === 0 ? [] : ['Secrets, kept out of git in .stack/secrets.toml:', ...secrets.map(indented)]),
    ...(stays.length === 0
      ? []
      : ['Used where it is, not copied:', ...table(stays.map(({ path, why }) => [`  ${path}`, why]))]),
    ...endLines(adopted, isPreview),
    ...notes.map((note) => `! ${note}`),
  ]
}

function endLines({ id, state, containers, revision }: Adopted, isPreview: boolean): readonly string[] {
  const count = `${containers.length} ${containers.length === 1 ? 'container goes' : 'containers go'}`
  if (isPreview) return [`It would be declared ${state}; its ${count} on as before. Nothing was written.`]
  const commit = revision === null ? '' : ` (commit ${revision.slice(0, 7)})`
  return [`Declared ${id} ${state}${commit}; its ${count} on as before.`]
}

function indented(text: string): string {
  return `  ${text}`
}

export function adoptDocument(adopted: Adopted, isPreview: boolean): string {
  return document({ preview: isPreview, ...adopted })
}
