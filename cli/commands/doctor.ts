import { createDoctor, type EngineQuestion, StackError } from '../../reconciler/index.ts'
import { askYes } from '../ask.ts'
import { exitCodes } from '../exit-codes.ts'
import { diagnosisDocument, diagnosisLines } from '../show/doctor.ts'
import type { Terminal } from '../terminal.ts'
import type { CommandContext, JsonOption } from './command.ts'

export interface DoctorOptions extends JsonOption {
  readonly fix?: boolean
  readonly yes?: boolean
}

/** Warnings are no failure: everything works with them, for now. */
export async function doctor({ terminal }: CommandContext, options: DoctorOptions): Promise<number> {
  if (options.yes === true && options.fix !== true) throw yesToNothing()
  const { cwd, env, isInteractive, signal } = terminal
  const look = await createDoctor({ cwd, env, isInteractive })
  const request = { fix: options.fix === true, consent: consentOf(options, terminal), onLine: terminal.tell }
  const diagnosis = await look(request, signal)
  if (options.json === true) terminal.print(diagnosisDocument(diagnosis))
  else for (const line of diagnosisLines(diagnosis, terminal)) terminal.print(line)
  return diagnosis.checks.some(({ level }) => level === 'error') ? exitCodes.failed : exitCodes.done
}

function yesToNothing(): StackError {
  const hint = 'stack doctor --fix --yes mends what it can, an engine included'
  return new StackError('STACK_USAGE', '--yes consents to nothing without --fix', { hint, terminal: true })
}

function consentOf({ yes, json }: DoctorOptions, terminal: Terminal) {
  if (yes === true) return async () => true
  if (!terminal.isInteractive || json === true) return null
  return ({ folder, isUnpacked }: EngineQuestion): Promise<boolean> => {
    const size = isUnpacked ? 'unpacked already' : '110 MB to fetch, 400 MB on disk'
    terminal.tell(`A private Docker engine from Debian's packages, in ${folder} (${size}).`)
    terminal.tell('Nothing is installed, and the package sources of this machine stay as they are.')
    return askYes('Start it?', terminal)
  }
}
