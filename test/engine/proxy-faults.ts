import type { IncomingMessage, ServerResponse } from 'node:http'
import { Writable } from 'node:stream'
import type { Answered } from './recording-proxy.ts'

/** How an engine, or what lies between it and us, goes wrong. */
export type Fault =
  /** It refuses, and does nothing. */
  | { readonly kind: 'refuses'; readonly status: number; readonly message: string }
  /** It does what it is asked, and the connection breaks before it says so. */
  | { readonly kind: 'breaks-off' }
  /** It does what it is asked, and never says so. */
  | { readonly kind: 'falls-silent' }
  | { readonly kind: 'is-slow'; readonly ms: number }
  /** Half of an answer that says it is whole. */
  | { readonly kind: 'tears' }
  /** What it had answered at an earlier time. */
  | { readonly kind: 'is-stale'; readonly body: string }

/** `passOn` asks the engine and gives its answer to whom it is told. */
export function misbehave(
  fault: Fault,
  asked: IncomingMessage,
  answer: ServerResponse,
  passOn: (to: Answered) => void,
): void {
  switch (fault.kind) {
    case 'refuses':
      asked.resume()
      say(answer, fault.status, JSON.stringify({ message: fault.message }))
      break
    case 'breaks-off':
      passOn(listener(() => answer.destroy()))
      break
    case 'falls-silent':
      passOn(listener(() => {}))
      break
    case 'is-slow':
      setTimeout(() => passOn(answer), fault.ms)
      break
    case 'tears':
      passOn(listener((body) => say(answer, 200, body.slice(0, body.length / 2))))
      break
    case 'is-stale':
      asked.resume()
      say(answer, 200, fault.body)
      break
  }
}

function say(answer: ServerResponse, status: number, body: string): void {
  answer.writeHead(status, { 'content-type': 'application/json' })
  answer.end(body)
}

/** Hears the whole answer in place of who asked. */
function listener(onEnd: (body: string) => void): Answered {
  const chunks: Buffer[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk)
      done()
    },
    final(done) {
      onEnd(Buffer.concat(chunks).toString())
      done()
    },
  })
  return Object.assign(stream, { writeHead: () => stream, flushHeaders: () => {} }) as unknown as Answered
}
