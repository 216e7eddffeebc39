import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http'

/** The engine without any program around it: what its own calls cost, over connections that stay open. */
export interface BareEngine {
  ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown>
  /** Does the work for each, so many at once. */
  each(items: readonly string[], atOnce: number, work: (item: string) => Promise<unknown>): Promise<void>
  close(): void
}

export function bareEngine(socketPath: string): BareEngine {
  const agent = new Agent({ keepAlive: true })
  return {
    ask: (method, path, body) => ask({ socketPath, agent, method, path }, body),
    async each(items, atOnce, work) {
      const queue = items.values()
      const lanes = Array.from({ length: atOnce }, async () => {
        for (const item of queue) await work(item)
      })
      await Promise.all(lanes)
    },
    close: () => agent.destroy(),
  }
}

function ask(options: RequestOptions, body: object | undefined): Promise<unknown> {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const call = request({ ...options, headers }, (answer) => answerIn(answer).then(resolve, reject))
    call.on('error', reject)
    call.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

async function answerIn(answer: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  if ((answer.statusCode ?? 500) >= 400) throw new Error(`the engine answered ${answer.statusCode}: ${text}`)
  return text === '' ? null : JSON.parse(text)
}
