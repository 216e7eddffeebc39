import type { Duplex, Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

const quietMs = 150
const longestMs = 2000

/** Waits until all streams of a program that ended are read. Those that somebody else still holds open are left after a silence. */
export async function drained(streams: readonly (Readable | Duplex)[]): Promise<void> {
  let bytes = 0
  const open = new Set(streams.filter((stream) => !stream.readableEnded && !stream.destroyed))
  const closed = new AbortController()
  const left = (stream: Readable | Duplex) => {
    open.delete(stream)
    if (open.size === 0) closed.abort()
  }
  for (const stream of open) {
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length
    })
    stream.once('end', () => left(stream)).once('close', () => left(stream))
  }

  for (let waitedMs = 0; waitedMs < longestMs && open.size > 0; waitedMs += quietMs) {
    const before = bytes
    await sleep(quietMs, undefined, { signal: closed.signal }).catch(() => {})
    if (bytes === before) break
  }
  for (const stream of streams) stream.destroy()
}
