/** Names of what is written beside a stacklet's files while it runs, by us and by its hooks: its values, its notes, compiled modules. */
export const generatedNames: readonly string[] = ['.env', '.state', '__pycache__']

/** Such a file is no part of its stacklet, unless it was committed, and no edit, even where .gitignore forgot it. */
export function isGenerated(path: string): boolean {
  return path.split('/').some((name) => generatedNames.includes(name))
}
