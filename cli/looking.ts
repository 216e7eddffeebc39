import { runningLine } from './show/progress.ts'
import type { Terminal } from './terminal.ts'

type OnLook = (looked: number, all: number) => void

/** On a terminal, a turning line while registries are asked: a slow one is no reason to think that nothing happens. */
export function looking({ live, paint }: Pick<Terminal, 'live' | 'paint'>, nowMs = () => performance.now()): OnLook {
  const beganMs = nowMs()
  return (looked, all) => {
    const step = `look for new images: ${looked} of ${all}`
    const isOver = looked === all
    live?.show(isOver ? null : ({ columns }) => [runningLine({ step, ms: nowMs() - beganMs, columns }, { paint })])
  }
}
