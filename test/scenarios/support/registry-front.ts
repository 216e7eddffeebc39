import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { testEngine } from '../../engine/test-engine.ts'

/** What a front does with a request instead of passing it on; false: it passes it on. */
export type Mood = (request: IncomingMessage, response: ServerResponse) => boolean

/** A server before the real registry: counts what it is asked, and can be in a mood. */
export interface RegistryFront {
  /** `127.0.0.1:PORT`: images are pushed and pulled through it as through the registry itself. */
  readonly address: string
  /** `HEAD /v2/web/manifests/1`, since it was last asked. */
  readonly take: () => readonly string[]
  readonly setMood: (mood: Mood) => void
}

export const kind: Mood = () => false
export const hanging: Mood = () => true
export const babbling: Mood = (_, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>It works!</h1>')
  return true
}
export function tooMany(seconds: number, times = Number.POSITIVE_INFINITY): Mood {
  let left = times
  return (_, response) => {
    if (left <= 0) return false
    left -= 1
    response.writeHead(429, { 'retry-after': String(seconds) }).end()
    return true
  }
}

export async function registryFront(): Promise<RegistryFront> {
  const [host, port] = testEngine().registry.split(':')
  const asked: string[] = []
  let mood = kind
  const server = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`)
    if (mood(incoming, response)) return
    const { method, url: path, headers } = incoming
    const passed = request({ host, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    passed.on('error', () => response.destroy())
    incoming.pipe(passed)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: () => asked.splice(0),
    setMood: (next) => {
      mood = next
    },
  }
}
