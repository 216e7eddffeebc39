import { StringDecoder } from 'node:string_decoder'
import { stripVTControlCharacters } from 'node:util'

import { splitLines } from '../process/lines.ts'

export interface HookLines {
  push(chunk: Buffer, stream: 'stdout' | 'stderr'): void
  /** What our runners tell on the program's behalf. */
  tell(text: string): void
  /** Says last lines that had no newline, and answers the last lines of all. */
  end(): readonly string[]
}

interface HookLinesOptions {
  readonly scrub: (text: string) => string
  readonly onPrinted: (line: string) => void
  readonly onTold: (line: string) => void
}

const linesKept = 10
const longestLine = 2000
const shownBytes = 4 * 1024 * 1024
const shownLines = 20_000
const tailBytes = 64 * 1024

/** Cuts what a hook prints into lines without secrets. It says the beginning of each stream, and keeps the last lines of all. */
export function hookLines({ scrub, onPrinted, onTold }: HookLinesOptions): HookLines {
  const last: Kept[] = []
  let turns = 0

  function keep(line: string, turn: number): void {
    if (line.trim() === '') return
    last.push({ line, turn })
    if (last.length > 2 * linesKept) last.shift()
  }
  function say(text: string, turn: number): void {
    const line = shown(text, scrub)
    keep(line, turn)
    onPrinted(line)
  }
  const silently = (text: string, turn: number) => keep(shown(text, scrub), turn)
  const streams = { stdout: boundedLines({ say, silently }), stderr: boundedLines({ say, silently }) }

  return {
    push: (chunk, stream) => streams[stream].push(chunk, ++turns),
    tell: (text) => onTold(shown(text, scrub)),
    end: () => {
      streams.stdout.end()
      streams.stderr.end()
      const inTurn = last.toSorted((one, other) => one.turn - other.turn)
      return inTurn.map(({ line }) => line).slice(-linesKept)
    },
  }
}

/** A line, and when its stream last said something: what is held back until the end was not said last. */
interface Kept {
  readonly line: string
  readonly turn: number
}

interface Listeners {
  readonly say: (line: string, turn: number) => void
  readonly silently: (line: string, turn: number) => void
}

function boundedLines({ say, silently }: Listeners) {
  const decoder = new StringDecoder('utf8')
  const room = { bytes: shownBytes, lines: shownLines }
  const lines = splitLines((line) => {
    room.lines -= 1
    say(line, turn)
  })
  let tail: Buffer = Buffer.alloc(0)
  let turn = 0

  function push(chunk: Buffer, now: number): void {
    turn = now
    if (room.bytes > 0 && room.lines > 0) {
      lines.push(decoder.write(chunk))
      room.bytes -= chunk.length
      if (room.bytes <= 0 || room.lines <= 0) say('… it prints much: the rest is not shown', turn)
      return
    }
    tail = Buffer.concat([tail, chunk]).subarray(-tailBytes)
  }
  function end(): void {
    lines.push(decoder.end())
    if (tail.length === 0) lines.end()
    // The first line is cut somewhere, perhaps within a secret.
    for (const line of tail
      .toString('utf8')
      .split('\n')
      .slice(1)
      .slice(-linesKept - 1))
      silently(line, turn)
  }
  return { push, end }
}

/** Without colours and what a progress bar overwrote. */
function shown(text: string, scrub: (text: string) => string): string {
  const line = stripVTControlCharacters(scrub(text)).split('\r').at(-1) ?? ''
  return line.length > longestLine ? `${line.slice(0, longestLine)}…` : line
}
