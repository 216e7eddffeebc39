import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

import { splitLines } from './lines.ts'

export interface Output {
  /** The first `maxBytes` of what came. */
  text(): string
  truncated(): boolean
  /** How many bytes came so far, kept or not. */
  bytes(): number
  /** Says a last line that had no newline. */
  end(): void
}

interface CollectOptions {
  readonly maxBytes: number
  readonly onLine: (text: string) => void
}

/** Reads a stream to its end, keeps the first `maxBytes`, and says every line as it comes, kept or not. */
export function collectOutput(stream: Readable, { maxBytes, onLine }: CollectOptions): Output {
  const kept: Buffer[] = []
  const decoder = new StringDecoder('utf8')
  const lines = splitLines(onLine)
  let bytes = 0

  stream.on('data', (chunk: Buffer) => {
    const room = maxBytes - bytes
    if (room > 0) kept.push(chunk.subarray(0, room))
    bytes += chunk.length
    lines.push(decoder.write(chunk))
  })
  stream.on('error', () => {})

  return {
    text: () => Buffer.concat(kept).toString('utf8'),
    truncated: () => bytes > maxBytes,
    bytes: () => bytes,
    end: () => {
      lines.push(decoder.end())
      lines.end()
    },
  }
}
