import { request } from 'node:http'

import type { BareEngine } from './bare-engine.ts'

export interface Engine {
  readonly socket: string
  readonly bare: BareEngine
}

/** Kills a container's program and answers the milliseconds from its death to its next start; `onDeath` starts it, or somebody else. */
export async function untilRunning(
  engine: Engine,
  name: string,
  onDeath: (() => Promise<unknown>) | null,
): Promise<number> {
  const filters = encodeURIComponent(JSON.stringify({ container: [name], event: ['die', 'start'] }))
  return new Promise((resolve, reject) => {
    let diedMs = 0
    const late = setTimeout(() => reject(new Error(`${name} was not started again`)), 60_000)
    const listening = request({ socketPath: engine.socket, path: `/events?filters=${filters}` }, (answer) => {
      answer.on('error', () => {})
      answer.on('data', (chunk: Buffer) => {
        if (String(chunk).includes('"die"')) {
          diedMs = performance.now()
          onDeath?.().catch(reject)
        }
        if (diedMs === 0 || !String(chunk).includes('"start"')) return
        clearTimeout(late)
        listening.destroy()
        resolve(performance.now() - diedMs)
      })
      kill(engine.bare, name).catch(reject)
    })
    listening.on('error', () => {})
    listening.end()
  })
}

/** Not through the engine, which would remember that somebody wanted it. */
async function kill(bare: BareEngine, name: string): Promise<void> {
  const { State } = (await bare.ask('GET', `/containers/${name}/json`)) as { readonly State: { readonly Pid: number } }
  process.kill(State.Pid, 'SIGKILL')
}
