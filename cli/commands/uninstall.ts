import type { Uninstalled } from '../../reconciler/index.ts'
import { askWord } from '../ask.ts'
import { exitCodes } from '../exit-codes.ts'
import { following } from '../follow.ts'
import { document } from '../show/json.ts'
import { reportDocument } from '../show/run.ts'
import type { Terminal } from '../terminal.ts'
import type { CommandContext, JsonOption } from './command.ts'
import { codeOf, tellReport } from './reconcile.ts'

export interface UninstallOptions extends JsonOption {
  readonly yes?: boolean
  readonly not?: readonly string[]
  readonly purge?: boolean
}

/** Two questions: whether at all, and whether data goes for good. `--yes` answers the first, `--purge` the second. */
export async function uninstall(context: CommandContext, options: UninstallOptions): Promise<number> {
  const { terminal, reconciler } = context
  const consent = await consentOf(options, terminal)
  if (consent === 'held') return hold(options, terminal)
  if (consent === 'declined') {
    terminal.print('Nothing was changed.')
    return exitCodes.done
  }
  const request = { ...following(terminal, options), not: options.not ?? [], purge: consent.purge }
  const uninstalled = await (await reconciler()).uninstall(request, terminal.signal)
  if (options.json === true) terminal.print(reportDocument(uninstalled.report))
  else tell(uninstalled, terminal)
  return codeOf(uninstalled.report)
}

type Consent = 'held' | 'declined' | { readonly purge: boolean }

async function consentOf({ yes, purge, not }: UninstallOptions, terminal: Terminal): Promise<Consent> {
  if (yes === true) return { purge: purge === true }
  if (!terminal.isInteractive) return 'held'
  const but = not === undefined || not.length === 0 ? '' : `, but for ${not.join(', ')} and what they require`
  terminal.tell(`This removes every stacklet of this instance from this host${but}. What git tracks stays.`)
  if (!(await askWord('uninstall', terminal))) return 'declined'
  terminal.tell('Their data goes to the trash. To delete it for good, with volumes and secrets:')
  return { purge: await askWord('delete', terminal) }
}

function hold({ json }: UninstallOptions, { print, paint }: Terminal): number {
  const note = {
    kind: 'held',
    stacklet: null,
    message: 'uninstall removes everything of this instance, and nobody was there to be asked',
    hint: 'allow it with stack uninstall --yes',
    digest: null,
  }
  const report = {
    ok: false,
    run: null,
    revision: null,
    outcome: 'held',
    rounds: 0,
    steps: [],
    notes: [note],
    error: null,
  }
  print(json === true ? document(report) : `${paint('yellow', 'Held')}: ${note.message}\n    ${note.hint}`)
  return exitCodes.held
}

function tell({ report, kept, secrets, isGone }: Uninstalled, terminal: Terminal): void {
  tellReport(report, { terminal })
  if (!isGone) return
  terminal.print(kept.length === 0 ? 'Uninstalled.' : `Uninstalled; kept: ${kept.join(', ')}.`)
  if (secrets !== null) terminal.print(`Data is in the trash, and its secrets in ${secrets}`)
}
