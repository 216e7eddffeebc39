import { readSync, writeSync } from 'node:fs'

import type { Told } from './told.ts'

/** The private line to `stack`: JSON lines over fd 3, written and read at once, as `ctx.secret` promises. */
export interface Channel {
  /** The first line. Null when whoever started us is gone. */
  greeting(): Told | null
  tell(what: string, fields: Readonly<Record<string, unknown>>): void
  /** The answer; throws what `stack` says against it. */
  ask(what: string, fields: Readonly<Record<string, unknown>>): unknown
}

export function openChannel(fd: number): Channel {
  const lines = lineReader(fd)
  const say = (message: unknown) => writeAll(fd, Buffer.from(`${JSON.stringify(message)}\n`))

  return {
    greeting: () => {
      const line = lines.next()
      return line === null ? null : (JSON.parse(line) as Told)
    },
    tell: (what, fields) => say({ tell: what, ...fields }),
    ask: (what, fields) => {
      say({ ask: what, ...fields })
      const line = lines.next()
      if (line === null) throw new Error('stack is gone and cannot answer')
      const answer = JSON.parse(line) as { readonly value?: unknown; readonly error?: string }
      if (answer.error !== undefined) throw new Error(answer.error)
      return answer.value
    },
  }
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written)
}

function lineReader(fd: number) {
  let rest = Buffer.alloc(0)

  function next(): string | null {
    for (;;) {
      const end = rest.indexOf('\n')
      if (end >= 0) {
        const line = rest.subarray(0, end).toString('utf8')
        rest = rest.subarray(end + 1)
        return line
      }
      const chunk = Buffer.alloc(64 * 1024)
      const length = readSync(fd, chunk)
      if (length === 0) return null
      rest = Buffer.concat([rest, chunk.subarray(0, length)])
    }
  }
  return { next }
}
