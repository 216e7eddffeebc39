import type { Listeners } from '../../ports/listeners.ts'
import { readListeners } from './listeners.ts'

const dockers: readonly string[] = ['docker-proxy', 'dockerd', 'rootlesskit']

/** The listening sockets of this machine, read from /proc. */
export function listeningPrograms(): Listeners {
  return {
    async programs() {
      const all = await readListeners('/proc').catch(() => [])
      const others = all.filter(({ process }) => process === null || !dockers.includes(process.program))
      return others.map((one) => ({ ...one, container: null }))
    },
  }
}
