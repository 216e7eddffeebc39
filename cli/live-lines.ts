import { stripVTControlCharacters } from 'node:util'

/** A terminal that live lines are drawn on. */
export interface Screen {
  readonly write: (text: string) => void
  /** As large as it is now: a person may change it. */
  readonly size: () => ScreenSize
  /** Calls again and again; answers how to end that. */
  readonly often: (tick: () => void) => () => void
}

export interface ScreenSize {
  readonly columns: number
  readonly rows: number
}

/** What to draw now: at most `rows` lines, none wider than `columns`. */
export type Frame = (size: ScreenSize) => readonly string[]

/**
 * The last lines of a terminal, drawn again in place; what is told stands above them. The cursor waits below and is never
 * hidden: whatever ends us, the terminal is as it was.
 */
export interface LiveLines {
  /** What to draw from now on; null for nothing. */
  readonly show: (frame: Frame | null) => void
  /** Writes whole lines above. */
  readonly tell: (text: string) => void
  /** Lets somebody else write whole lines above. */
  readonly lift: (write: () => void) => void
  /** Goes to the beginning of a line, wherever another program left the cursor. */
  readonly freshLine: () => void
  /** Nothing is drawn any more. */
  readonly close: () => void
}

export function liveLines({ write, size, often }: Screen): LiveLines {
  let frame: Frame | null = null
  let drawn: readonly string[] = []
  let rest = (): void => {}
  let isClosed = false

  function draw(above = ''): void {
    const { columns, rows } = size()
    // The last column and the last row stay empty: writing there would move what is above.
    const lines = frame?.({ columns: Math.max(1, columns - 1), rows: Math.max(1, rows - 1) }) ?? []
    if (above === '' && lines.join('\n') === drawn.join('\n')) return
    write(`${erasing(drawn, columns)}${above}${lines.map((line) => `${line}\n`).join('')}`)
    drawn = lines
  }

  function show(next: Frame | null): void {
    const wasShown = frame !== null
    frame = isClosed ? null : next
    if (wasShown !== (frame !== null)) {
      rest()
      rest = frame === null ? () => {} : often(draw)
    }
    draw()
  }

  return {
    show,
    tell: (text) => draw(`${text}\n`),
    lift(writeLines) {
      const shown = frame
      frame = null
      draw()
      writeLines()
      frame = shown
      draw()
    },
    // As wide as the screen: from anywhere but the beginning of a line, that reaches into the next one.
    freshLine: () => write(`${' '.repeat(size().columns)}\r`),
    close() {
      isClosed = true
      show(null)
    },
  }
}

/** Up to the first of these lines and all below away. A terminal that has become narrower has folded them. */
function erasing(lines: readonly string[], columns: number): string {
  const rows = lines.map((line) => Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns)))
  const up = rows.reduce((sum, count) => sum + count, 0)
  return up === 0 ? '' : `\r\u001b[${up}A\u001b[J`
}
