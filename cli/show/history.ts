import type { PastRun } from '../../reconciler/index.ts'
import type { Terminal } from '../terminal.ts'
import { document } from './json.ts'
import { table } from './table.ts'

/** As many as fit a screen; `--json` has them all. */
const mostShown = 30

/** Every run that did something, newest first. */
export function historyLines(runs: readonly PastRun[], { paint }: Pick<Terminal, 'paint'>): readonly string[] {
  if (runs.length === 0) return ['Nothing has been done on this host yet.']
  const shown = runs.slice(0, mostShown)
  const rows = shown.map((run) => [
    run.startedAt.replace('T', ' ').slice(0, 16),
    run.revision?.slice(0, 7) ?? '',
    run.outcome,
    run.state,
    run.trigger,
    whatItDid(run),
  ])
  const [head = '', ...lines] = table([['WHEN', 'COMMIT', 'OUTCOME', 'STATE', 'WHY', 'WHAT'], ...rows])
  const told = lines.flatMap((line, index) => withMessage(line, shown[index]))
  const rest = runs.length - shown.length
  return [paint('bold', head), ...told, ...(rest > 0 ? [`… and ${rest} more: stack history --json`] : [])]
}

function withMessage(line: string, run: PastRun | undefined): readonly string[] {
  return run?.message === null || run === undefined ? [line] : [line, `    ${run.message}`]
}

/** The stacklets it was about, and how many steps it took. */
function whatItDid({ steps }: PastRun): string {
  const ids = [...new Set(steps.map(({ stacklet }) => stacklet ?? 'host'))]
  const names = ids.length > 3 ? `${ids.slice(0, 3).join(', ')}, …` : ids.join(', ')
  return `${names} (${steps.length} ${steps.length === 1 ? 'step' : 'steps'})`
}

export function historyDocument(runs: readonly PastRun[]): string {
  return document({ runs })
}
