import { setTimeout as sleep } from 'node:timers/promises'
import { start, until } from '../started.ts'
import { type Ground, lots, mischiefs, sayRight } from './mischief.ts'
import { type ProcessFacts, processFacts, slope } from './process-facts.ts'

export interface SoakRequest extends Ground {
  readonly events: number
  /** Kills the engine and starts it again. */
  readonly killEngine: () => Promise<void>
  /** Events from one death of the engine to the next. */
  readonly engineEvery: number
  readonly say: (line: string) => void
}

export interface Soaked {
  readonly happened: Readonly<Record<string, number>>
  readonly runs: number
  /** Of the first half of all samples the last, and the last of all: what a process takes at first is no leak. */
  readonly halfWay: ProcessFacts
  readonly atEnd: ProcessFacts
  /** Growth of memory in the second half, in mebibytes for a thousand events. */
  readonly mebibytesPerThousand: number
  /** How long after the last event everything was as declared. */
  readonly convergedAfterMs: number
  readonly exitCode: number | NodeJS.Signals
}

const sampleEvery = 10
/** Each happens once before chance decides. */
const kinds = Object.keys(mischiefs)
const patienceMs = 120_000

/** Lets a daemon look after a host to which everything happens, as fast as it goes, and then lets it come to rest. */
export async function soak(request: SoakRequest): Promise<Soaked> {
  const { host, chance, events, say } = request
  const daemon = start(host, 'daemon')
  await until('the first run', async () => (await isConverged(request)) === true, patienceMs)
  const samples: ProcessFacts[] = []
  const happened: Record<string, number> = {}
  for (let event = 1; event <= events; event += 1) {
    const name = event % request.engineEvery === 0 ? 'engine killed' : (kinds[event - 1] ?? chance.pick(lots))
    happened[name] = (happened[name] ?? 0) + 1
    await (name === 'engine killed' ? request.killEngine() : mischiefs[name]?.happen(request))
    await sleep(50 + chance.below(400))
    if (event % sampleEvery !== 0) continue
    samples.push(await processFacts(daemon.pid))
    say(`${event} of ${events}: ${JSON.stringify(samples.at(-1))}`)
  }
  const convergedAfterMs = await comeToRest(request)
  samples.push(await processFacts(daemon.pid))
  const half = samples.slice(Math.floor(samples.length / 2))
  daemon.kill('SIGTERM')
  const exitCode = await daemon.ended
  return {
    happened,
    runs: (await journalLines(request)).filter((line) => line.includes('"run-started"')).length,
    halfWay: half[0] ?? samples[0]!,
    atEnd: samples.at(-1)!,
    mebibytesPerThousand: (slope(half.map(({ mebibytes }) => mebibytes)) * 1000) / sampleEvery,
    convergedAfterMs,
    exitCode,
  }
}

/** Nothing more happens, nobody holds anything back, and git is right: what is not as declared then, is wrong. */
async function comeToRest(ground: Ground): Promise<number> {
  await sayRight(ground)
  const beganMs = performance.now()
  await until('everything to be as declared', async () => (await releasedAndConverged(ground)) === true, patienceMs * 2)
  return performance.now() - beganMs
}

/** A stop by hand may be found out about a moment later, and is a hold then. */
async function releasedAndConverged(ground: Ground): Promise<boolean> {
  const { json } = await ground.host.stack('status', '--json')
  for (const { id, hold } of json.stacklets ?? []) if (hold !== null) await ground.host.stack('release', id)
  return isConverged(ground)
}

async function isConverged({ host, ids }: Ground): Promise<boolean> {
  const { code, json } = await host.stack('status', '--json')
  if (code !== 0) return false
  const running = json.stacklets.filter(
    (one: { state: string; inSync: boolean }) => one.state === 'running' && one.inSync,
  )
  if (running.length !== ids.length) return false
  const plan = await host.stack('plan', '--ref', 'HEAD', '--json')
  return plan.json.steps?.length === 0
}

async function journalLines({ host }: Ground): Promise<readonly string[]> {
  const month = new Date().toISOString().slice(0, 7)
  return (await host.read(`.stack/journal/${month}.jsonl`)).split('\n')
}
