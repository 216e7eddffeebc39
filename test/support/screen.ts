/** What a person sees of what was written to a terminal of this width: the little of one that our output needs. */
export interface VirtualScreen {
  readonly write: (text: string) => void
  readonly resize: (columns: number) => void
  /** Every line since the beginning; what was folded at the edge is one line again. Colours are left out. */
  readonly lines: () => readonly string[]
  /** The rows as they lie there, folded. */
  readonly rows: () => readonly string[]
}

interface Row {
  text: string
  /** It goes on in the next row. */
  isFolded: boolean
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal obeys
const pieces = /\u001b\[([\d;]*)([A-Za-z])|[\s\S]/gu

export function virtualScreen(columns: number): VirtualScreen {
  let width = columns
  let rows: Row[] = [{ text: '', isFolded: false }]
  let [row, column] = [0, 0]

  function at(index: number): Row {
    while (rows.length <= index) rows.push({ text: '', isFolded: false })
    return rows[index]!
  }
  function put(character: string): void {
    if (column === width) {
      at(row).isFolded = true
      row += 1
      column = 0
    }
    const line = at(row)
    line.text = line.text.slice(0, column).padEnd(column) + character + line.text.slice(column + 1)
    column += 1
  }
  function obey(count: number, letter: string): void {
    if (letter === 'A') row = Math.max(0, row - count)
    else if (letter === 'J') {
      at(row).text = at(row).text.slice(0, column)
      at(row).isFolded = false
      rows.length = row + 1
    } else if (letter === 'K') at(row).text = at(row).text.slice(0, column)
    else if (letter !== 'm') throw new Error(`the screen does not know ESC [ ${letter}`)
  }
  function move(control: string): void {
    if (control === '\r') column = 0
    else if (control === '\n') {
      row += 1
      column = 0
      at(row)
    } else throw new Error(`the screen does not know ${JSON.stringify(control)}`)
  }
  function write(text: string): void {
    for (const [piece, count = '', letter] of text.matchAll(pieces)) {
      if (letter !== undefined) obey(Number.parseInt(count || '1', 10), letter)
      else if (piece < ' ') move(piece)
      else put(piece)
    }
  }
  function lines(): readonly string[] {
    const whole: string[] = []
    rows.forEach(({ text }, index) => {
      if (rows[index - 1]?.isFolded) whole.push(`${whole.pop()}${text}`)
      else whole.push(text)
    })
    return whole.map((line) => line.trimEnd())
  }
  /** As xterm's heirs do: what was folded is folded anew. The cursor stays behind the last row. */
  function resize(next: number): void {
    const all = lines()
    rows = []
    width = next
    ;[row, column] = [0, 0]
    write(all.join('\n'))
  }
  return { write, resize, lines, rows: () => rows.map(({ text }) => text.trimEnd()) }
}
