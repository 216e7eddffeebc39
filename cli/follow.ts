import type { RunEvent } from '../reconciler/index.ts'
import type { JsonOption } from './commands/command.ts'
import type { Frame, LiveLines, ScreenSize } from './live-lines.ts'
import { notTwice } from './not-twice.ts'
import { endedLines, moreLine, progressLines, runningLine } from './show/progress.ts'
import type { Terminal } from './terminal.ts'

type Watch = (event: RunEvent) => void

/** How long a second run on this host waits for the first. */
const waitMs = 10 * 60_000

/** How a command follows a run: waits for others, and says on stderr what happens, live where a person looks on. */
export function following(terminal: Terminal, { json }: JsonOption, nowMs = () => performance.now()) {
  const { live, isInteractive } = terminal
  const mayAsk = isInteractive && json !== true
  const watch = live === null ? lineByLine(terminal) : onScreen({ ...terminal, live, mayAsk, nowMs })
  const wasSeen = (step: string): boolean => mayAsk && isHook(step)
  return { waitMs, onWait: terminal.tell, watch: notTwice(wasSeen, watch) }
}

function lineByLine(terminal: Terminal): Watch {
  return (event) => {
    for (const line of progressLines(event)) terminal.tell(line)
  }
}

/** Each step under way has a line; what ended and what is said goes above. A hook that may ask has the terminal to itself. */
function onScreen(place: Place): Watch {
  const { live, mayAsk, nowMs } = place
  const underWay: UnderWay = new Map()
  const isTaken = (): boolean => mayAsk && [...underWay.keys()].some(isHook)
  const frame: Frame = (size) => runningLines(underWay, nowMs(), size, place)

  return (event) => {
    const wasTaken = isTaken()
    if (wasTaken) live.freshLine()
    note(event, underWay, nowMs)
    const isTakenNow = isTaken()
    live.show(underWay.size === 0 || isTakenNow ? null : frame)
    for (const line of isTakenNow && !wasTaken ? progressLines(event) : endedLines(event, place)) live.tell(line)
  }
}

interface Place extends Pick<Terminal, 'paint'> {
  readonly live: LiveLines
  /** Hooks get the terminal. */
  readonly mayAsk: boolean
  readonly nowMs: () => number
}

/** Steps by their ids, and when each began. */
type UnderWay = Map<string, number>

function isHook(step: string): boolean {
  return step.startsWith('run-hook ')
}

function note(event: RunEvent, underWay: UnderWay, nowMs: () => number): void {
  if (event.kind === 'step-started') underWay.set(event.step, nowMs())
  if (event.kind === 'step-finished' || event.kind === 'step-failed') underWay.delete(event.step)
}

function runningLines(
  underWay: UnderWay,
  nowMs: number,
  { columns, rows }: ScreenSize,
  terminal: Pick<Terminal, 'paint'>,
): readonly string[] {
  const lines = [...underWay].map(([step, beganMs]) => runningLine({ step, ms: nowMs - beganMs, columns }, terminal))
  if (lines.length <= rows) return lines
  return [...lines.slice(0, rows - 1), moreLine(lines.length - rows + 1, columns)]
}
