import { Agent, get } from 'node:http'

/** Visits one site again and again over connections that are kept open, as browsers do, while `work` goes on. */
export interface LoadReport {
  readonly visits: number
  /** Visits whose connection was cut. */
  readonly resets: number
  /** Visits that failed once more when they were repeated over a new connection. */
  readonly failures: number
}

export interface Visited {
  readonly port: number
  readonly host: string
  readonly body: string | RegExp
  readonly visitors: number
}

export async function underLoad(visited: Visited, work: () => Promise<void>): Promise<LoadReport> {
  const agent = new Agent({ keepAlive: true, maxSockets: visited.visitors })
  const counts = { visits: 0, resets: 0, failures: 0 }
  let isOver = false
  const visitor = async (): Promise<void> => {
    while (!isOver) {
      counts.visits += 1
      if (await answers(visited, agent)) continue
      counts.resets += 1
      if (!(await answers(visited, false))) counts.failures += 1
    }
  }
  const visitors = Array.from({ length: visited.visitors }, visitor)
  try {
    await work()
  } finally {
    isOver = true
    await Promise.all(visitors)
    agent.destroy()
  }
  return counts
}

/** Without an agent, over a connection of its own. False when the connection was cut; another answer than the site's own is a failure at once. */
function answers({ port, host, body }: Visited, agent: Agent | false): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const asked = get({ host: '127.0.0.1', port, path: '/', headers: { Host: host }, agent }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += String(chunk)
      })
      response.on('error', () => resolve(false))
      response.on('end', () => {
        if (response.statusCode === 200 && isRight(text.trim(), body)) resolve(true)
        else reject(new Error(`${host} answered ${response.statusCode}: ${text.slice(0, 200)}`))
      })
    })
    asked.on('error', () => resolve(false))
  })
}

function isRight(text: string, body: string | RegExp): boolean {
  return typeof body === 'string' ? text === body : body.test(text)
}
