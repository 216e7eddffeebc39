import type { LogLine } from '../../ports/container-console.ts'

const headerBytes = 8
const newline = 0x0a

/** Takes a log as the engine sends it, piece by piece, and says its lines. */
export interface LineTaker {
  push(chunk: Buffer): void
  /** Says a last line that has no newline yet. */
  end(): void
}

/**
 * For a log that was asked for with timestamps. Without a terminal every piece that the container wrote is a frame of its own,
 * with a header and a time, and a long line comes in several of them; with one it is a plain text of lines.
 */
export function timedLines(hasTerminal: boolean, onLine: (line: LogLine) => void): LineTaker {
  return hasTerminal ? plainTaker(onLine) : framedTaker(onLine)
}

function framedTaker(onLine: (line: LogLine) => void): LineTaker {
  const open: Record<LogLine['stream'], Piece[]> = { stdout: [], stderr: [] }
  let rest = Buffer.alloc(0)

  function take(stream: LogLine['stream'], frame: Buffer): void {
    const piece = pieceIn(frame)
    open[stream].push(piece)
    if (piece.bytes.at(-1) === newline) say(stream)
  }
  function say(stream: LogLine['stream']): void {
    const [first] = open[stream]
    const bytes = Buffer.concat(open[stream].splice(0).map((piece) => piece.bytes))
    if (first !== undefined) onLine({ at: first.at, stream, text: textOf(bytes) })
  }
  return {
    push(chunk) {
      rest = Buffer.concat([rest, chunk])
      for (;;) {
        const end = rest.length < headerBytes ? Number.POSITIVE_INFINITY : headerBytes + rest.readUInt32BE(4)
        if (end > rest.length) return
        take(rest[0] === 2 ? 'stderr' : 'stdout', rest.subarray(headerBytes, end))
        rest = rest.subarray(end)
      }
    },
    end() {
      say('stdout')
      say('stderr')
    },
  }
}

/** A container with a terminal has one stream. */
function plainTaker(onLine: (line: LogLine) => void): LineTaker {
  let rest = Buffer.alloc(0)
  function say(line: Buffer): void {
    const { at, bytes } = pieceIn(line)
    onLine({ at, stream: 'stdout', text: textOf(bytes) })
  }
  return {
    push(chunk) {
      rest = Buffer.concat([rest, chunk])
      for (let end = rest.indexOf(newline); end !== -1; end = rest.indexOf(newline)) {
        say(rest.subarray(0, end))
        rest = rest.subarray(end + 1)
      }
    },
    end() {
      if (rest.length > 0) say(rest)
      rest = Buffer.alloc(0)
    },
  }
}

interface Piece {
  readonly at: string
  readonly bytes: Buffer
}

/** `2026-01-31T12:00:00.123456789Z ` and what was written. */
function pieceIn(timed: Buffer): Piece {
  const space = timed.indexOf(' ')
  return { at: timed.subarray(0, space).toString('latin1'), bytes: timed.subarray(space + 1) }
}

function textOf(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/\r?\n?$/, '')
}
