import type { Prober } from '../../reconciler/ports/prober.ts'
import type { World } from '../../reconciler/ports/world.ts'
import { type Box, nextSerial } from './fake/box.ts'
import { type CallOptions, type Calls, recordCalls } from './fake/calls.ts'
import { fakeCompose } from './fake/compose.ts'
import { fakeEngine, fakeImages, type Shuffle } from './fake/engine.ts'
import { fakeHooks } from './fake/hooks.ts'
import { fakeLock } from './fake/lock.ts'
import { fakeProxy } from './fake/proxy.ts'
import { fakeSecrets } from './fake/secrets.ts'
import { fakeSource } from './fake/source.ts'
import {
  fakeDemolition,
  fakeFiles,
  fakeGood,
  fakeLedger,
  fakeRecords,
  fakeSettings,
  fakeStandings,
} from './fake/storage.ts'
import { fakeClock, fakeHost, fakeProber, silence } from './fake/surroundings.ts'
import { fakeUpstream } from './fake/upstream.ts'

export interface FakeWorld {
  readonly world: World
  readonly calls: Calls
}

export interface WorldOptions extends CallOptions {
  readonly shuffle?: Shuffle
}

/** Calls that are there to change something; all others only look. `lastRun` is the one thing an idle run writes. */
const changing: ReadonlySet<string> = new Set([
  ...['engine.act', 'engine.createNetwork', 'compose.pull', 'compose.build', 'compose.up', 'compose.end'],
  ...['secrets.ensure', 'secrets.set', 'secrets.remove', 'files.write', 'files.remove', 'files.trash'],
  ...['ledger.write', 'ledger.forget', 'records.append', 'records.writeLastRun', 'records.forget', 'host.remember'],
  ...['hooks.run', 'hooks.runWords', 'hooks.endSurvivors', 'settings.set', 'demolition.purgeData', 'engine.discard'],
  ...['standings.change', 'good.save', 'good.forget', 'images.tag', 'own.startHelper'],
  ...['proxy.load', 'proxy.prepare'],
])

/** One process looking at a box: everything that the loop may ask, every call recorded. */
export function fakeWorld(box: Box, options: WorldOptions = {}): FakeWorld {
  const { shuffle = (items) => items } = options
  const pid = nextSerial(box)
  const calls = recordCalls(box, pid, options)
  const watch = <Port extends object>(name: string, port: Port): Port => watched(name, port, box, calls)
  const world: Partial<World> = {
    engine: watch('engine', fakeEngine(box, shuffle)),
    compose: watch('compose', fakeCompose(box, calls.midway)),
    source: watch('source', fakeSource(box, shuffle)),
    upstream: watch('upstream', fakeUpstream(box)),
    secrets: watch('secrets', fakeSecrets(box, shuffle)),
    settings: watch('settings', fakeSettings(box, shuffle)),
    localLock: { read: async () => null, change: async () => {} },
    files: watch('files', fakeFiles(box, shuffle)),
    demolition: watch('demolition', fakeDemolition(box)),
    ledger: watch('ledger', fakeLedger(box, shuffle)),
    standings: watch('standings', fakeStandings(box, shuffle)),
    good: watch('good', fakeGood(box)),
    images: watch('images', fakeImages(box)),
    own: watch('own', { id: async () => null, startHelper: async () => {} }),
    records: watch('records', fakeRecords(box)),
    host: watch('host', fakeHost(box, shuffle)),
    lock: fakeLock(box, pid, calls),
    listeners: { programs: async () => [] },
    hooks: watch('hooks', fakeHooks(box, calls.midway)),
    proxy: watch('proxy', fakeProxy(box)),
    prober: neverThrowing(watch('prober', fakeProber(box))),
    clock: fakeClock(box, calls.isDead),
    log: silence,
  }
  return { world: onlyThese(world), calls }
}

/** Whatever goes wrong with a question to a service is its answer. */
function neverThrowing(prober: Prober): Prober {
  return { ask: (...words) => prober.ask(...words).catch(() => ({ passed: false, why: 'a fault' })) }
}

/** No run asks the other ports. */
function onlyThese(ports: Partial<World>): World {
  return new Proxy(ports as World, {
    get(_, name) {
      const port = ports[name as keyof World]
      if (port === undefined) throw new Error(`nobody expected a call of ${String(name)}`)
      return port
    },
  })
}

type Method = (...words: readonly unknown[]) => Promise<unknown>

function watched<Port extends object>(portName: string, port: Port, box: Box, calls: Calls): Port {
  const methods = Object.entries(port as Readonly<Record<string, Method>>).map(([name, method]) => {
    const asked: Method = (...words) => {
      const call = `${portName}.${name}`
      const makesInstance = call === 'host.keep' && box.instance === null
      return calls.around({ name: call, changes: changing.has(call) || makesInstance }, () => method(...words))
    }
    return [name, asked] as const
  })
  return Object.fromEntries(methods) as unknown as Port
}
