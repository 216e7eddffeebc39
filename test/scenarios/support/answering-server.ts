import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface AnsweringServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** Headers of the last request for a path. */
  readonly lastHeaders: (path: string) => IncomingMessage['headers'] | undefined
  stop(): Promise<void>
}

type Answers = Readonly<Record<string, (asked: IncomingMessage, answer: ServerResponse) => void>>

/** Stands for the services that health checks ask: answers each path as told, and 404 for every other one. */
export async function answeringServer(answers: Answers): Promise<AnsweringServer> {
  const headers = new Map<string, IncomingMessage['headers']>()
  const server = createServer((asked, answer) => {
    const path = (asked.url ?? '').split('?')[0] ?? ''
    headers.set(path, asked.headers)
    const told = answers[path]
    if (told === undefined) answer.writeHead(404).end()
    else told(asked, answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lastHeaders: (path) => headers.get(path),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Answers with this status and body. */
export function says(status: number, body = ''): Answers[string] {
  return (_, answer) => void answer.writeHead(status).end(body)
}

/** Takes the question and never answers. */
export function hangs(): void {}
