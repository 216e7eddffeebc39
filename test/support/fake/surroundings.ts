import { StackError } from '../../../reconciler/model/errors.ts'
import type { StackletId } from '../../../reconciler/model/names.ts'
import type { Clock } from '../../../reconciler/ports/clock.ts'
import type { Host, HostFacts, HostMemory } from '../../../reconciler/ports/host.ts'
import type { Log } from '../../../reconciler/ports/log.ts'
import type { Prober } from '../../../reconciler/ports/prober.ts'
import { type Box, ourInstance } from './box.ts'
import { stateOf } from './container.ts'
import type { Shuffle } from './engine.ts'

export function fakeHost(box: Box, shuffle: Shuffle): Host {
  const facts = (): HostFacts => ({
    instance: box.instance,
    name: 'box',
    address: '192.0.2.7',
    stateDir: '/instance/.stack',
    owner: '0:0',
    listenSysctl: 'net.ipv4.tcp_migrate_req=1',
  })
  return {
    facts: async () => facts(),
    async keep() {
      box.instance ??= ourInstance
      return { ...facts(), instance: box.instance }
    },
    memory: async () => ({
      approvals: shuffle(box.memory.approvals),
      converged: shuffle(box.memory.converged as readonly StackletId[]),
    }),
    async remember(edit) {
      box.memory = edit(box.memory as HostMemory)
    },
  }
}

/**
 * Knows stacklets as `http://<stacklet>.test`, well when one of the project's containers is, and programs of the host as
 * `http://<program>.<stacklet>.test`.
 */
export function fakeProber(box: Box): Prober {
  const isAnswering = (id: string): boolean => {
    const own = box.containers.filter((one) => one.project?.endsWith(`-${id}`) && !one.image.startsWith('mute:'))
    const seen = own.map((one) => stateOf(one, box.nowMs))
    return seen.some((one) => one.state === 'running' && one.health !== 'starting')
  }
  return {
    async ask(check) {
      const [name = '', id = ''] = new URL(check.url.reveal()).hostname.split('.')
      const isWell = id === 'test' ? isAnswering(name) : box.programs.has(`${id}/${name}`)
      return isWell ? { passed: true, why: 'answered 200' } : refused
    },
  }
}

const refused = { passed: false, why: 'connection refused' }

/**
 * Time that passes only while everybody waits: when nothing else is left to do, it is the moment of the first who wakes.
 * A process that was killed wakes no more.
 */
export function fakeClock(box: Box, isDead: () => boolean): Clock {
  const sleepers: { readonly wakesMs: number; readonly wake: () => void }[] = []
  const pass = (): void => {
    const next = sleepers.sort((one, other) => one.wakesMs - other.wakesMs).shift()
    if (next === undefined || isDead()) return
    box.nowMs = Math.max(box.nowMs, next.wakesMs)
    next.wake()
  }
  return {
    nowMs: () => box.nowMs,
    random: () => 0.5,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const cancel = () => reject(new StackError('STACK_CANCELLED', 'cancelled', { hint: 'run it again' }))
        if (signal.aborted) return cancel()
        signal.addEventListener('abort', cancel, { once: true })
        const wake = () => {
          signal.removeEventListener('abort', cancel)
          resolve()
        }
        sleepers.push({ wakesMs: box.nowMs + ms, wake })
        setImmediate(pass)
      }),
  }
}

export const silence: Log = { debug() {}, info() {}, warn() {} }
