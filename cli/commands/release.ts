import type { Released } from '../../reconciler/index.ts'
import { following } from '../follow.ts'
import { reportDocument } from '../show/run.ts'
import type { CommandContext, JsonOption } from './command.ts'
import { codeOf, tellReport } from './reconcile.ts'

/** Lets go of what keeps a stacklet as it is, and brings it to what git says. */
export async function release(
  { terminal, reconciler }: CommandContext,
  id: string,
  options: JsonOption,
): Promise<number> {
  const stack = await reconciler()
  const released = await stack.release(id, terminal.signal)
  terminal.tell(released.length === 0 ? `Nothing kept ${id} as it was.` : `Released ${id}: ${wordsOf(released)}.`)
  const request = { ...following(terminal, options), trigger: `stack release ${id}`, yes: false, only: [id] }
  const report = await stack.reconcile(request, terminal.signal)
  if (options.json === true) terminal.print(reportDocument(report))
  else tellReport(report, { terminal })
  return codeOf(report)
}

const words = {
  hold: 'it was on hold',
  quarantine: 'its version was quarantined',
  failure: 'it was to be tried again later',
  flapping: 'it was flapping',
  images: 'images of it were not to be taken again',
} as const

function wordsOf(released: readonly Released[]): string {
  return released.map((one) => words[one]).join(', ')
}
