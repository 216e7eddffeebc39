const longestLine = 1024 * 1024

export interface LineSplitter {
  push(text: string): void
  /** Says the rest: a last line without its newline. */
  end(): void
}

/** Cuts a stream of text into lines without their newline. A line that never ends is said in pieces of 1 MiB. */
export function splitLines(say: (line: string) => void): LineSplitter {
  let rest = ''

  function push(text: string): void {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) say(line.endsWith('\r') ? line.slice(0, -1) : line)
    if (rest.length > longestLine) end()
  }

  function end(): void {
    if (rest !== '') say(rest)
    rest = ''
  }

  return { push, end }
}
