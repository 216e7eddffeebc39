/** The kinds of program a hook may be, in the order in which a reader would look for them. */
const kinds = ['ts', 'js', 'py', 'sh'] as const

/**
 * The files, among those of a stacklet by path inside it, that are this hook: `hooks/<event>.{ts,js,py,sh}`. None is no hook;
 * more than one is a mistake, because nobody could say which runs.
 */
export function hookFiles(event: string, paths: readonly string[]): readonly string[] {
  return kinds.map((kind) => `hooks/${event}.${kind}`).filter((path) => paths.includes(path))
}
