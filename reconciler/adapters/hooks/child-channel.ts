import type { Duplex } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

import { splitLines } from '../process/lines.ts'

/** What our runners say on fd 3, a JSON object a line. An ask waits for its one answer before the next. */
export type Told =
  | { readonly tell: 'step' | 'warn'; readonly text: string }
  | { readonly tell: 'failed'; readonly text: string }
  | { readonly tell: 'result'; readonly value: unknown }
export type Ask =
  | { readonly ask: 'secret'; readonly scope: string; readonly name: string }
  | { readonly ask: 'set-secret'; readonly scope: string; readonly name: string; readonly value: string }
  | { readonly ask: 'set-setting'; readonly key: string; readonly value: string | number | boolean }
  | { readonly ask: 'run-command'; readonly id: string; readonly command: string; readonly args: readonly string[] }
  | { readonly ask: 'is-healthy' }

export interface Conversation {
  readonly greeting: string
  readonly onTold: (told: Told) => void
  readonly answer: (ask: Ask) => Promise<unknown>
}

/** Greets the child, hears what it tells and answers what it asks. Answers how to wait for the answers under way. */
export function converse(socket: Duplex, { greeting, onTold, answer }: Conversation): () => Promise<unknown> {
  const underWay = new Set<Promise<void>>()
  const say = (line: string) => {
    if (socket.writable) socket.write(`${line}\n`)
  }
  const reply = (message: Ask) => {
    const replied: Promise<void> = answer(message)
      .then(
        (value) => say(JSON.stringify({ value: value ?? null })),
        (error: Error) => say(JSON.stringify({ error: error.message })),
      )
      .finally(() => underWay.delete(replied))
    underWay.add(replied)
  }
  const lines = splitLines((line) => {
    const message = understood(line)
    if (message === null) return
    if ('ask' in message) reply(message)
    else onTold(message)
  })
  const decoder = new StringDecoder('utf8')
  socket.on('data', (chunk: Buffer) => lines.push(decoder.write(chunk)))
  say(greeting)
  return () => Promise.all(underWay)
}

/** Our own runners speak; whatever else a hook writes to that fd is not for us. */
function understood(line: string): Ask | Told | null {
  try {
    const message: unknown = JSON.parse(line)
    return typeof message === 'object' && message !== null ? (message as Ask | Told) : null
  } catch {
    return null
  }
}
