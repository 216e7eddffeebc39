import { gitignoreText } from '../../definitions/new-instance.ts'
import { assertNever } from '../../lib/assert-never.ts'
import type { Mend } from '../../model/check.ts'
import type { DoctorParts, InstanceParts } from './look-around.ts'

export interface Mending {
  readonly parts: DoctorParts
  /** What a longer work prints on the way. */
  readonly onLine: (line: string) => void
  readonly signal: AbortSignal
}

/** Puts one thing right, and answers a sentence that says so. Nothing that a person wrote is lost by any of them. */
export async function mend(what: Mend, { parts, onLine, signal }: Mending): Promise<string> {
  if (what.kind === 'start-engine') {
    await parts.privateEngine.start(onLine, signal)
    return `started a private Docker engine in ${what.folder}; to use it: ${(await parts.privateEngine.look()).exports}`
  }
  if (parts.place.kind === 'none') throw new Error(`${what.kind} without an instance`)
  return mendInstance(what, parts.place, onLine, signal)
}

async function mendInstance(
  what: Exclude<Mend, { kind: 'start-engine' }>,
  { world, probe }: InstanceParts,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  switch (what.kind) {
    case 'set-mode':
      await probe.setMode(what.path, what.mode)
      return `${what.path} is for its owner alone now`
    case 'make-folder':
      await probe.makeFolder(what.path)
      return `made ${what.path}`
    case 'remove-leftover':
      await probe.removeStaged(what.path)
      return `removed ${what.path}`
    case 'create-network':
      await world.engine.createNetwork(what.network, { 'stack.instance': what.instance ?? '' }, signal)
      return `made the network ${what.network}`
    case 'undo-edit':
      await world.editor.undoHalfEdit(onLine, signal)
      return `${what.path} is as it was before the edit that was cut short`
    case 'ignore': {
      const edit = (text: string | null) => gitignoreText(text, what.lines) ?? text ?? ''
      await world.editor.editFile({ path: '.gitignore', edit, onWait: onLine }, signal)
      return `added ${what.lines.join(' and ')} to .gitignore; commit it: git commit .gitignore -m "ignore what holds secrets"`
    }
    default:
      return assertNever(what)
  }
}
