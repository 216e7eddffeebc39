import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { lasting } from './places.ts'

/** How often each container was created, started, stopped and removed, by `name action`. */
export type Counts = Readonly<Record<string, number>>

export interface EngineCounts {
  /** What happened between these moments to containers of these stacklets, whose names are told without what was drawn. */
  readonly between: (ids: readonly string[], fromMs: number, toMs: number) => Counts
  readonly stop: () => void
}

interface Happened {
  readonly what: string
  readonly atMs: number
}

const counted: ReadonlySet<string> = new Set(['create', 'start', 'die', 'destroy'])

/** Listens to the engine from now on. */
export async function countEngine(env: NodeJS.ProcessEnv): Promise<EngineCounts> {
  const words = ['events', '--since', `${Date.now() / 1000}`, '--filter', 'type=container', '--format', '{{json .}}']
  const child: ChildProcess = spawn('docker', words, { env, stdio: ['ignore', 'pipe', 'ignore'] })
  const happened: Happened[] = []
  if (child.stdout === null) throw new Error('no stdout')
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line)
    // Compose makes a replacement under another name first.
    const name = String(event.Actor.Attributes.name).replace(/^[0-9a-f]{12}_/, '')
    if (counted.has(event.Action)) happened.push({ what: `${name} ${event.Action}`, atMs: event.timeNano / 1e6 })
  })
  return {
    between(ids, fromMs, toMs) {
      const counts: Record<string, number> = {}
      const own = happened.filter(
        ({ what, atMs }) => ids.some((id) => what.includes(id)) && atMs >= fromMs && atMs <= toMs,
      )
      for (const { what } of own) counts[lasting(what)] = (counts[lasting(what)] ?? 0) + 1
      return counts
    },
    stop: () => void child.kill(),
  }
}

/** What happened more than once oftener than it had to. */
export function wasted(counts: Counts, usual: Counts): readonly string[] {
  return Object.keys(counts).filter((what) => (counts[what] ?? 0) > (usual[what] ?? 0) + 1)
}
