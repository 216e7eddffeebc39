import dockerignore from '@balena/dockerignore'

/** Whether a path of a build context stays out of the image, by the lines of its .dockerignore. */
export function isIgnored(path: string, patterns: readonly string[]): boolean {
  return (
    patterns.length > 0 &&
    dockerignore
      .default()
      .add([...patterns])
      .ignores(path)
  )
}

/** The patterns in the text of a .dockerignore. */
export function patternsIn(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  return lines.filter((line) => line !== '' && !line.startsWith('#'))
}
